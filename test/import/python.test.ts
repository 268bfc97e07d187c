import { suite } from 'uvu';
import { assertClose } from '../helpers/close.js';
import { type FormulaCase, PYTHON_CASES } from './python-cases.js';
import { worthOf } from './values.js';

const python = suite('formulas of Python');

/** With names of NumPy, SymPy and Python's own `math`; values worked out by hand. */
const OTHERS: readonly FormulaCase[] = [
  { formula: 'np.mean(np.abs(x - y))', inputs: { x: [1, 4], y: [2, 2] }, value: 1.5 },
  {
    formula: 'np.where(x < y, 0.5 * x**2, y * (x - 0.5 * y))',
    inputs: { x: [1, 4], y: [2, 2] },
    value: 3.25,
  },
  { formula: 'np.sqrt(np.mean((x - y)**2))', inputs: { x: [1, 4], y: [2, 2] }, value: Math.sqrt(2.5) },
  { formula: 'np.std(x - y) + np.var(x, ddof=1)', inputs: { x: [1, 4], y: [2, 2] }, value: 6 },
  {
    formula: 'np.max(x, axis=1).mean() - np.min(y)',
    inputs: {
      x: [
        [1, 5],
        [2, 3],
      ],
      y: [
        [0, 1],
        [-1, 1],
      ],
    },
    value: 5,
  },
  { formula: 'np.linalg.norm(x - y, axis=-1).mean()', inputs: { x: [[3, 4]], y: [[0, 0]] }, value: 5 },
  {
    formula: 'np.clip(x, 0, 2).mean() + np.maximum(y, 0).mean()',
    inputs: { x: [-1, 5], y: [-4, 2] },
    value: 2,
  },
  {
    formula: 'np.sum(x * y) / len(x)',
    inputs: {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [
        [1, 0],
        [0, 1],
      ],
    },
    value: 2.5,
  },
  {
    formula: '(x.mean(0) * y.mean(0)).sum()',
    inputs: {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [
        [1, 0],
        [0, 1],
      ],
    },
    value: 2.5,
  },
  {
    formula: 'sp.Piecewise((d**2 / 2, sp.Abs(d) <= 1), (sp.Abs(d) - 0.5, True))',
    inputs: { d: [1, -3] },
    value: 1.5,
  },
  {
    formula: 'sp.Max(0, 1 - y * x) + sp.log(sp.exp(x), 10) * sp.log(10)',
    inputs: { x: [2], y: [-1] },
    value: 5,
  },
  { formula: 'math.log(x + 7, 2) + math.pi - pi + y', inputs: { x: [1], y: [0] }, value: 3 },
  {
    formula: 'from math import exp\nexp(x) - 1 if x > 0 else y',
    inputs: { x: [0, -1], y: [2, 4] },
    value: 3,
  },
  { formula: 'x = pred - target\nx *= 2\nx + 1', inputs: { pred: [3], target: [1] }, value: 5 },
  { formula: 'lambda a, b: a - 2 * b', inputs: { a: [5], b: [1] }, value: 3 },
  { formula: 'not (x > y) and x > 0', inputs: { x: [1, 3], y: [2, 2] }, value: 0.5 },
  { formula: '2 ** -x ** 2 + -x ** 2 + y', inputs: { x: [2], y: [0] }, value: -3.9375 },
  { formula: '-7 // 2 + -7 % 3 + x * y', inputs: { x: [1], y: [1] }, value: -1 },
  {
    formula: 'np.exp(-np.logaddexp(0, -x)) - F.sigmoid(x) + np.hypot(x, y)',
    inputs: { x: [3], y: [4] },
    value: 5,
  },
];

for (const one of [...PYTHON_CASES, ...OTHERS])
  python(one.formula, async () => assertClose(await worthOf(one), one.value, 1e-9));

python.run();
