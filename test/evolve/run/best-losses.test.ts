import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../../compiler/check/check.js';
import { numericLoss } from '../../../compiler/loss/numeric.js';
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import { loadProgram } from '../../../compiler/resolve/program.js';
import { printExpr } from '../../../grammar/print/print.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { numericCandidate } from '../../../src/evolve/losses/compiler.js';
import { probabilityForm } from '../../../src/evolve/losses/probability-form.js';
import { readLoss, readSketch } from '../../../src/evolve/losses/subject.js';
import { writeBestLosses } from '../../../src/evolve/run/best-losses.js';
import { lossFileText } from '../../../src/evolve/store/loss-file.js';
import { scratch } from '../../helpers/command-line.js';

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

/** Written out it is longer than the functions that it calls. */
const NESTED = 'aq(aq(prediction, aq(target, prediction)), aq(prediction, aq(target, prediction)))';

files('a file has the functions that the loss reaches, and no others', () => {
  const text = fileOf(NESTED);
  assert.match(text, /fn aq/);
  assert.match(text, /fn root/);
  assert.not.match(text, /fn unused/);
  assert.not.match(fileOf('target * prediction'), /fn /);
});

files(
  'a loss is written simplified, with what the search had, and as what it makes of the probability of the label',
  () => {
    assert.is(
      fileOf('target * (prediction * prediction + 0 * target)'),
      `// Evolved.
// As found by the search: sum(target * (prediction * prediction + 0 * target), class)
// In terms of the probability p of the label: p^2

loss evolved_1(target: onehot[class], prediction: probability[class]) =
  sum(target * prediction^2, class)
`,
    );
    assert.match(fileOf(NESTED), /^\/\/ Simplified: sum\(/m);
  },
);

const simplified = (body: string): LossDecl => {
  const text = `loss own(target: onehot[class], prediction: probability[class]) = ${body}`;
  return simplifyLoss(readLoss({ source: { name: 'own.loss', text }, imports: [] }).loss);
};

/** Of the probability of the label, with the number of classes where that matters; undefined for what looks at the others too. */
const FORMS: readonly (readonly [body: string, form: string | undefined])[] = [
  ['-sum(target * log(prediction), class)', '-log(p)'],
  ['-mean(target * log(prediction), class)', '-log(p) / classes'],
  ['-log(1 + sum(target * prediction^2, class))', '-log(1 + p^2)'],
  ['sum(target * (1 - prediction^0.7), class) / 0.7', '10 * (1 - p^0.7) / 7'],
  ['-mean(sqrt(sqrt(target * prediction) * prediction), class)', '-(sqrt(p * sqrt(p)) / classes)'],
  ['-sum(sqrt(target * prediction + 4), class)', '-(sqrt(4 + p) + 2 * (classes - 1))'],
  ['sum((target - prediction)^2, class)', undefined],
  ['-mean(prediction * (1 + target)^2, class)', undefined],
  ['-max(target * prediction, class)', undefined],
];
for (const [body, form] of FORMS)
  files(`${body} is ${form ?? 'no function of the probability of the label that is seen'}`, () => {
    const found = probabilityForm(simplified(body));
    assert.is(found && printExpr(found), form);
    if (form === undefined) return;
    // The values agree, with the rest of the probability shared in two ways.
    const ofLabel = numericLoss(
      readLoss({
        source: { name: 'f.loss', text: `loss f(p: unit; classes: positive = 3) = ${form}` },
        imports: [],
      }).loss,
      [],
    );
    const whole = numericCandidate({ loss: simplified(body), library: [] }, 'classification');
    for (const rest of [0.1, 0.4]) {
      const logits = Float64Array.of(Math.log(0.5), Math.log(rest), Math.log(0.5 - rest));
      const { values } = whole.evaluate(Float64Array.of(1, 0, 0), logits, 1, 3);
      const expected = ofLabel.evaluate(new Float64Array(1), new Float64Array(1), 1, 1).values[0]!;
      assert.ok(Math.abs(values[0]! - expected) < 1e-9, `${values[0]} and ${expected}`);
    }
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

files(
  'where a loss comes from counts generations and islands from 1, as the commands and the report do',
  () => {
    const one = {
      ...{
        id: 5,
        genome: ['target * prediction'],
        size: 3,
        born: 1,
        island: 0,
        parents: [2],
        operator: 'perturb',
      },
      ...{ canonical: '', scores: [0.5], complete: true },
    };
    const written = writeBestLosses(scratch(), { ...subject, codec: GENOME_CODEC }, [one], 'lossc evolve');
    assert.match(
      written.get('best.loss')!,
      'Candidate 5 of generation 2, island 1, by perturb from 2; 3 nodes.',
    );
  },
);

files.run();
