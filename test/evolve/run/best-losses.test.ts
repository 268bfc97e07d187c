import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../../compiler/check/check.js';
import { loadProgram } from '../../../compiler/resolve/program.js';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { readSketch } from '../../../src/evolve/losses/subject.js';
import { lossFileText } from '../../../src/evolve/store/loss-file.js';

const files = suite('files of the best losses');

const SKETCH = `fn root(x) = sqrt(abs(x))
fn aq(a, b) = a / root(1 + b^2)
fn unused(x) = x + 1
sketch s(target: onehot[class], prediction: probability[class]) =
  sum(?, class)
  with operators + * aq leaves target, prediction
`;
const subject = readSketch({ source: { name: 'sketch.loss', text: SKETCH }, imports: [] });

const fileOf = (genome: string): string =>
  lossFileText({ ...subject, codec: GENOME_CODEC }, [genome], 'evolved_1', ['Evolved.']);

files('a file has the functions that the loss reaches, and no others', () => {
  const text = fileOf('aq(target, prediction)');
  assert.match(text, /fn aq/);
  assert.match(text, /fn root/);
  assert.not.match(text, /fn unused/);
  assert.not.match(fileOf('target * prediction'), /fn /);
});

files('a file says what its loss simplifies to, in one line', () => {
  assert.match(
    fileOf('target * (prediction * prediction + 0 * target)'),
    /^\/\/ Simplified: sum\(target \* prediction\^2, class\)$/m,
  );
});

files('a file names the guards that can decide what it gives from logits, and none where none can', () => {
  const lines = fileOf('aq(target, prediction) + exp(prediction)').split('\n');
  assert.not.ok(lines.some((line) => line.includes('Guards')));
  const steep = readSketch({
    source: {
      name: 'sketch.loss',
      text: 'sketch s(target: real, prediction: real) = ?\n  with operators + exp leaves prediction\n',
    },
    imports: [],
  });
  const text = lossFileText({ ...steep, codec: GENOME_CODEC }, ['exp(prediction)'], 'evolved_1', [
    'Evolved.',
  ]);
  assert.match(
    text,
    '// Guards that can decide:\n//   In exp, prediction is taken as at most 85; this decides the value and the gradient where prediction > 85.\n',
  );
});

files('a file passes check as it stands', () => {
  const program = loadProgram({ name: 'best.loss', text: fileOf('aq(target, prediction)') });
  assert.equal(
    checkProgram(program).filter(({ severity }) => severity === 'error'),
    [],
  );
});

files.run();
