import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { reachable } from '../../compiler/graph/graph.js';
import { verify } from '../../compiler/graph/verify.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { normalise } from '../../compiler/passes/simplify.js';
import { raise } from '../../compiler/raise/raise.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { printExpr } from '../../grammar/print/print.js';

/** Numbers at the ends of what a double can hold: folding them must neither make what cannot be written nor change a value. */
const BODIES: readonly (readonly [string, string])[] = [
  ['p * (1e308 * 10)', '1000000000 * p / 1e-300'],
  ['p * 1e308 * 10', '1000000000 * p / 1e-300'],
  ['(1e308 * 10) * p - 1', '1000000000 * p / 1e-300 - 1'],
  ['-1e308 * 10 * p', '-(1000000000 * p) / 1e-300'],
  ['p + 1e308 * 10', 'p + 1000000000 / 1e-300'],
  ['1e308 * p + 1e308 * p', '200000000 * p / 1e-300'],
  ['1e308 + 1e308 + p', 'p + 200000000 / 1e-300'],
  ['2 * (1e308 * p + 1e308 * t)', '200000000 * (t + p) / 1e-300'],
  ['2 * (1e308 * p + 1e307 * t)', '2 * (1e307 * t + 1e308 * p)'],
  ['p * (1e308 * 10) / 1e20', '1e289 * p'],
  ['p / (1e308 * 10)', '1e-309 * p'],
  ['0 * (1e308 * 10) + p', 'p'],
  ['p * (1e308 * 10) * (1e308 * 10)', '1000000000000000000 * p / 1e-300^2'],
  ['p / 0', 'p / 0'],
  ['2 * p / 0 - p / 0 * 2', '0'],
  // What no number stands for stays, whatever it is multiplied with or added to.
  ['0 / 0 * p', '0 / 0'],
  ['p + 0 / 0', '0 / 0'],
  ['p + 1 / 0 - 1 / 0', '0 / 0'],
  ['(0 / 0)^2 * p', '0 / 0'],
  ['0 * p / (p - p)', '0 / 0'],
  ['0 * log(0) * p', '0 * log(0)'],
  ['p + 0 * sqrt(-1)', '0 * sqrt(-1)'],
  ['p + infinity - infinity', '0 / 0'],
  ['p + 0 * infinity', '0 / 0'],
  ['p - infinity', 'p - 1 / 0'],
  ['(if p < 1 then 0 / 0 else 0) * t', 'if p < 1 then 0 / 0 else 0'],
  ['0 * exp(1000) + p', 'p'],
  ['p * 5e-324 * 5e-324', '0'],
  ['5e-324 * p + 5e-324 * t', '5e-324 * t + 5e-324 * p'],
  ['p * 1e200 * 1e-200', 'p'],
  ['p / 1e-200 / 1e-100', '1e300 * p'],
];

const constants = suite('constants at the ends of the doubles');

for (const [body, expected] of BODIES)
  constants(`${body} is ${expected}, in every form`, () => {
    const program = loadProgram({ name: 'case.loss', text: `loss f(data t, p) = ${body}` });
    const decl = lossesOf(program)[0]!;
    const { loss } = lowerLoss(program, decl);
    assert.ok(loss);
    const value = normalise(loss.graph, [loss.value]).roots[0]!;
    verify(loss.graph, [value]);
    for (const { op, value: number } of reachable([value]))
      if (op === 'const') assert.ok(Number.isFinite(number), `the constant ${number}`);
    assert.is(printExpr(raise(loss.graph, value).result), expected);
    const results = evaluate(loss.graph, [loss.value, value], {
      sizes: [3],
      leaf: ({ leaf, axes }) => ({
        axes,
        data: Float64Array.of(...(leaf!.name === 't' ? [1, 2, -1] : [3, -2, -0.5])),
      }),
    });
    const [before, after] = [loss.value, value].map((node) => results.get(node)!.data);
    for (let k = 0; k < 3; k++) {
      const [x, y] = [before![k % before!.length]!, after![k % after!.length]!];
      // What 0 * infinity leaves undefined may get a value.
      assert.ok(
        Number.isNaN(x) || Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-12 * Math.abs(x) + 1e-300,
        `${x}, then ${y}`,
      );
    }
  });

constants('a loss with an infinite factor compiles', () => {
  const program = loadProgram({ name: 'case.loss', text: 'loss f(data t, p) = (p - t)^2 * (1e308 * 10)' });
  assert.ok(emitModule(compileLoss(program, lossesOf(program)[0]!)));
});

constants.run();
