import { suite } from 'uvu';
import { assertClose } from '../helpers/close.js';
import type { FormulaCase } from './python-cases.js';
import { worthOf } from './values.js';

const latex = suite('formulas of LaTeX');
const { log, exp, sqrt, tanh, PI } = Math;

const A = [1, 3];
const B = [2, 0];
/** Two items of three classes. */
const P = [
  [0.5, 0.25, 0.25],
  [0.1, 0.8, 0.1],
];
const Y = [
  [1, 0, 0],
  [0, 1, 0],
];
const ONE_HOT = (log(2) - log(0.8)) / 2;

/** Values worked out by hand. */
const CASES: readonly FormulaCase[] = [
  { formula: String.raw`-\sum_{c} y_c \log \hat{y}_c`, inputs: { y: Y, y_hat: P }, value: ONE_HOT },
  {
    formula: String.raw`L_{CE} = -\frac{1}{N}\sum_{i=1}^{N}\sum_{c=1}^{C} y_{ic} \log p_{ic}`,
    inputs: { y: Y, p: P },
    value: ONE_HOT,
  },
  { formula: String.raw`-\sum_{k=1}^K y_{i,k} \ln(p_{i,k})`, inputs: { y: Y, p: P }, value: ONE_HOT },
  { formula: String.raw`\frac{1}{N}\sum_i (y_i-\hat y_i)^2`, inputs: { y: A, y_hat: B }, value: 5 },
  {
    formula: String.raw`\sum_{i=1}^{N} \frac{(y_i-\hat y_i)^2}{N}`,
    inputs: { y: [A], y_hat: [B] },
    value: 5,
  },
  {
    formula: String.raw`\frac{1}{2N}\sum_{i=1}^N \left(y^{(i)}-\hat{y}^{(i)}\right)^2`,
    inputs: { y: A, y_hat: B },
    value: 2.5,
  },
  {
    formula: String.raw`\sqrt{\frac{1}{N}\sum_{i=1}^N (y_i - x_i)^2}`,
    inputs: { y: A, x: B },
    value: sqrt(5),
  },
  { formula: String.raw`$$\left|x - y\right|$$`, inputs: { x: A, y: B }, value: 2 },
  { formula: String.raw`\lvert x - y \rvert + |x| \, |y|`, inputs: { x: A, y: B }, value: 3 },
  { formula: String.raw`\max(0, 1 - y \hat{y})`, inputs: { y: [1, -1], y_hat: [0.25, 2] }, value: 1.875 },
  { formula: String.raw`[1 - y \hat{y}]_+`, inputs: { y: [1, -1], y_hat: [0.25, 2] }, value: 1.875 },
  { formula: String.raw`\lVert x - y\rVert_2^2`, inputs: { x: [[3, 4]], y: [[0, 0]] }, value: 25 },
  {
    formula: String.raw`\frac{1}{N} \sum_{i=1}^{N} \|x_i - y_i\|_1`,
    inputs: {
      x: [
        [3, -4],
        [1, 1],
      ],
      y: [
        [0, 0],
        [0, 0],
      ],
    },
    value: 4.5,
  },
  {
    formula: String.raw`\begin{cases} \frac{1}{2}(y - \hat{y})^2 & \text{if } |y - \hat{y}| \le \delta \\ \delta\left(|y-\hat y| - \frac12 \delta\right) & \text{otherwise.} \end{cases}`,
    inputs: { y: [0, 0], y_hat: [0.5, 3] },
    parameters: { delta: 2 },
    value: (0.125 + 4) / 2,
  },
  {
    formula: String.raw`-\left[ y \log \sigma(x) + (1-y)\log(1-\sigma(x)) \right]`,
    inputs: { y: [1, 0], x: [0, 0] },
    value: log(2),
  },
  {
    formula: String.raw`-\alpha (1-p)^\gamma \log(p)`,
    inputs: { p: [0.5] },
    parameters: { alpha: 0.5, gamma: 2 },
    value: log(2) / 8,
  },
  {
    formula: String.raw`-\sum_c y_c \log\frac{e^{z_c}}{\sum_j e^{z_j}}`,
    inputs: { y: [[0, 1]], z: [[0, 0]] },
    value: log(2),
  },
  {
    formula: String.raw`\mathcal{L}(y, \hat{y}) = \log(\cosh(\hat{y} - y))`,
    inputs: { y: [0], y_hat: [1] },
    value: log((exp(1) + exp(-1)) / 2),
  },
  {
    formula: String.raw`1 - \frac{2\sum_i p_i y_i}{\sum_i p_i + \sum_i y_i}`,
    inputs: { p: [[0.5, 0.5]], y: [[1, 0]] },
    value: 0.5,
  },
  {
    formula: String.raw`\mathbb{1}[y = 1] (x - 1)^2 + \mathbf{1}_{\{y \neq 1\}} x^2`,
    inputs: { x: [3, 3], y: [1, 0] },
    value: 6.5,
  },
  {
    formula: String.raw`\operatorname{sign}(x) \tanh^2(y) - \text{target}`,
    inputs: { x: [-2], y: [0.5], target: [1] },
    value: -(tanh(0.5) ** 2) - 1,
  },
  {
    formula: String.raw`\frac12 \log(2\pi v) + \frac{(y-\mu)^2}{2 v}`,
    inputs: { v: [2], y: [3], mu: [1] },
    value: log(4 * PI) / 2 + 1,
  },
  { formula: String.raw`\max_c z_c - \sum_c y_c z_c`, inputs: { z: [[1, 5, 2]], y: [[1, 0, 0]] }, value: 4 },
  {
    formula: String.raw`x \cdot y / 2 + \sqrt[3]{x} - \lfloor y \rfloor`,
    inputs: { x: [-8], y: [1.5] },
    value: -9,
  },
  {
    formula: String.raw`\sum_{c=1}^C \frac{1}{C} (y_c - p_c)^2 + \prod_c p_c`,
    inputs: { y: [[1, 0]], p: [[0.5, 0.25]] },
    value: 0.15625 + 0.125,
  },
  { formula: String.raw`\exp(-x^2) + \log_2 y + e^{-x}`, inputs: { x: [0], y: [8] }, value: 5 },
];

for (const one of CASES)
  latex(one.formula, async () => assertClose(await worthOf(one, 'latex'), one.value, 1e-12));

latex.run();
