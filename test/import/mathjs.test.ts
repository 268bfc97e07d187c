import { evaluate } from 'mathjs';
import { suite } from 'uvu';
import { assertClose } from '../helpers/close.js';
import { worthOf } from './values.js';

const mathjs = suite('formulas of mathjs');

/** A formula, the names of one item, and its value by hand or as a pocket calculator has it. */
const CASES: readonly (readonly [
  formula: string,
  scope: Readonly<Record<string, number | number[]>>,
  value: number,
])[] = [
  ['(p - y)^2', { p: 3, y: 1 }, 4],
  ['-y * log(p) - (1 - y) * log(1 - p)', { p: 0.25, y: 1 }, 1.3862943611198906],
  ['abs(x - y) < delta ? 0.5 * (x - y)^2 : delta * (abs(x - y) - 0.5 * delta)', { x: 4, y: 1, delta: 2 }, 4],
  [
    'abs(x - y) < delta ? 0.5 * (x - y)^2 : delta * (abs(x - y) - 0.5 * delta)',
    { x: 2, y: 1, delta: 2 },
    0.5,
  ],
  ['max(0, 1 - y * x)', { x: 0.25, y: -1 }, 1.25],
  ['d = y - x; max(tau * d, (tau - 1) * d)', { x: 3, y: 1, tau: 0.9 }, 0.2],
  ['d = y - x\nd^2 / 2', { x: 3, y: 1 }, 2],
  ['log(x + 3, 2) + log10(y)', { x: 5, y: 100 }, 5],
  ['-2^2 + 1/2x - y', { x: 6, y: 1 }, -2],
  ['2^-x^2 y', { x: 1, y: 3 }, 1.5],
  ['log(exp(x) + exp(-x)) - y', { x: 0, y: 0 }, Math.LN2],
  ['sqrt((x - y)^2 + 1) - 1', { x: 3, y: 3 }, 0],
  ['1 - exp(-(x - y)^2 / 2)', { x: 1, y: 1 }, 0],
  ['round(x) + fix(y) + ceil(x) + floor(y)', { x: 2.5, y: -1.5 }, 3],
  // A percentage that is added is one of what it is added to.
  ['mod(x, 3) + y % 3 + 50%', { x: -5, y: 4 }, 3],
  ['not (x > y) and x >= -1 ? 1 : cbrt(x)', { x: 8, y: 1 }, 2],
  ['0 < x < y ? square(x) : cube(y)', { x: 1, y: 2 }, 1],
  ['sign(x) * tanh(y) + pi * e', { x: -1, y: 0 }, 8.539734222673566],
  ['sum(y .* map(x, square))', { x: [0.5, 3, 2], y: [1, 2, 0] }, 18.25],
  ['mean((x - y).^2)', { x: [1, 2, 3], y: [1, 0, 0] }, 13 / 3],
  ['norm(x - y) + norm(x, 1)', { x: [3, -4], y: [0, 0] }, 12],
  ['1 - dot(x, y) / (norm(x) * norm(y))', { x: [1, 0], y: [0, 2] }, 1],
  ['std(x - y) + variance(x)', { x: [1, 2, 3], y: [0, 0, 0] }, 2],
  ['max(x) - min(y) + prod(x)', { x: [1, 5], y: [2, -1] }, 11],
  ['sum(x ./ y) / 2', { x: [1, 6], y: [2, 3] }, 1.25],
];

for (const [formula, scope, value] of CASES)
  mathjs(formula.replace('\n', '; '), async () => {
    const parameters = Object.fromEntries(
      Object.entries(scope).filter(([name]) => ['delta', 'tau'].includes(name)),
    );
    const inputs = Object.fromEntries(
      Object.entries(scope).flatMap(([name, x]) => (name in parameters ? [] : [[name, [x]]])),
    );
    const found = await worthOf(
      { formula, inputs, parameters: parameters as Record<string, number>, value },
      'mathjs',
    );
    assertClose(found, value, 1e-12);
    const theirs = evaluate(formula, { ...scope });
    assertClose(found, typeof theirs === 'number' ? theirs : theirs.entries.at(-1), 1e-12, 'mathjs itself');
  });

mathjs.run();
