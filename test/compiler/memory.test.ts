import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { Memory } from '../../compiler/check/memory.js';
import { loadProgram } from '../../compiler/resolve/program.js';

/** Checks that remember say what checks say that do not. */
const memories = suite('memory of checks');

const LOSS = `fn cost(x) = log(x)

loss a(target: unit, prediction: unit, data extra: real; c: real = 1) =
  -target * cost(prediction + 0 * extra) - (1 - target) * log(1 - prediction)

loss b(target: onehot[class], prediction: probability[class]; d = 1) =
  -sum(target * log(prediction + 0 * d), class)
`;
const TEXTS: readonly string[] = [
  LOSS,
  `// moved\n\n${LOSS}`,
  LOSS.replace('log(x)', 'log(x + 1)'),
  LOSS.replace('log(x)', 'log(y)'),
  LOSS.replace(' + 0 * extra', ''),
  `loss z(target: real, prediction: real) = target - stop_gradient(prediction)\n\n${LOSS}`,
  LOSS,
];

memories('in texts that follow one another', () => {
  const memory = new Memory();
  let warnings = 0;
  for (const text of TEXTS) {
    const program = loadProgram({ name: 'mine.loss', text });
    const plain = checkProgram(program);
    assert.equal(checkProgram(program, memory), plain, text);
    assert.equal(checkProgram(program, memory), plain, text);
    warnings += plain.length;
  }
  assert.ok(warnings > TEXTS.length, 'there is something to remember');
});

memories('does not judge again what has been judged', () => {
  const memory = new Memory();
  const { module } = loadProgram({ name: 'mine.loss', text: LOSS });
  const { decl } = module.callables.get('b')!;
  assert.ok(decl.kind === 'loss');
  let judged = 0;
  for (let i = 0; i < 3; i += 1)
    memory.recall(module, decl, () => {
      judged += 1;
      return [];
    });
  assert.is(judged, 1);
});

memories.run();
