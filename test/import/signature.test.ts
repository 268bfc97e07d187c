import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { importFormula } from '../../src/import/import.js';

/** What inputs, parameters and questions a formula gets. */
const signature = suite('signatures of imported losses');

/** The text without what tells where it comes from. */
async function shortened(formula: string): Promise<string> {
  const found = await importFormula(formula);
  assert.is(found.kind, 'imported', JSON.stringify(found));
  return (found as { readonly text: string }).text
    .split('\n')
    .filter((line) => !/^(?:\/\/\/|\/\/ It was read as)/.test(line))
    .join('\n')
    .trim();
}

/** The head of the loss on one line, without questions. */
async function headOf(formula: string): Promise<string> {
  const lines = (await shortened(formula))
    .split('\n')
    .filter((line) => !/^\s*\/\//.test(line) && !line.startsWith('import'));
  return /loss \w+\((.*?)\) =/.exec(lines.map((line) => line.trim()).join(' '))![1]!.trim();
}

for (const [formula, head] of [
  ['(y_pred - y_true)**2', 'y_pred: real, data y_true: real'],
  ['(pred - label).abs().mean()', 'pred: real, data label: real'],
  ['-(y * log(p) + (1 - y) * log(1 - p))', 'data y: unit, p: unit'],
  [
    '-(y * torch.log_softmax(x, dim=-1)).sum(-1).mean()',
    'data y: probability[..., class], x: logits[..., class]',
  ],
  ['F.cross_entropy(logits, labels)', 'logits: logits[class], data labels: probability[class]'],
  ['F.binary_cross_entropy_with_logits(x, y)', 'x: logits, data y: unit'],
  ['gamma * (x - t).abs()', 'x: real, data t: real; gamma: nonnegative = 2'],
  [
    'lambda pred, gt, margin=0.5: torch.clamp(pred - gt - margin, min=0)',
    'pred: real, data gt: real; margin: real = 0.5',
  ],
  ['((pred - target)**2 * mask).sum() / mask.sum()', 'pred: real, data target: real, data mask: binary'],
  [
    '(weight * (x - y)**2).sum(-1).mean()',
    'x: real[..., feature], data y: real[..., feature]; weight: nonnegative[feature] = 1',
  ],
  ['F.gaussian_nll_loss(mu, target, var)', 'mu: real, data target: real, var: positive'],
  [
    'F.kl_div(F.log_softmax(student, dim=-1), F.softmax(teacher, dim=-1))',
    'student: logits[..., class], data teacher: logits[..., class]',
  ],
  [
    '1 - (2 * (p * y).sum(dim=(1, 2)) / (p + y).sum(dim=(1, 2))).mean()',
    'p: real[row, column], data y: real[row, column]',
  ],
  ['x^2 - delta * y', 'x: real, data y: real; delta: positive = 1'],
  [
    String.raw`-\sum_c w_c y_{ic} \log p_{ic}`,
    'data y: probability[class], p: probability[class]; w: nonnegative[class] = 1',
  ],
  [String.raw`\frac{1}{N} \sum_i (y_i - b - \hat{y}_i)^2`, 'data y: real, y_hat: real; b: real'],
  [
    'gamma = self.gamma\nreturn (pred - target)**2 * gamma + self.gamma',
    'pred: real, data target: real; gamma: nonnegative = 2',
  ],
  ['self.k * pred - k * target', 'pred: real, data target: real; k: real = 1, k_2: real = 1'],
  ['((x - y)**2).sum(-1).sum(-1).mean()', 'x: real[..., row, column], data y: real[..., row, column]'],
  [
    '((x - y)**2).sum(dim=2).sum(dim=2).mean()',
    'x: real[channel, height, width], data y: real[channel, height, width]',
  ],
  ['self.omega * (pred - target)**2', 'pred: real, data target: real; omega: real'],
  [
    'class L(nn.Module):\n  def __init__(self, k=3.0, m=1):\n    super().__init__()\n    self.k = k\n    self.shift = 2 * m\n\n  def forward(self, pred, target):\n    return self.k * (pred - target - self.shift)**2',
    'pred: real, data target: real; k: real = 3, shift: real',
  ],
  [
    'F.softmax(teacher_logits / 2, dim=-1) * x',
    'data teacher_logits: logits[..., class], x: real[..., class]',
  ],
] as const)
  signature(`${formula}: ${head}`, async () => assert.is(await headOf(formula), head));

signature('questions stand where they come up', async () => {
  assert.fixture(
    await shortened('alpha * F.softplus(-y * z)'),
    `// question: it does not say how the items are reduced: lossc takes their mean, unless --reduction says otherwise
loss imported(
  data y: real,
  // question: z is read as a prediction: is it data (write data z) or a parameter (after the semicolon)?
  z: real;
  // question: is 0.5 right for alpha? The formula does not say; it is only the usual value
  alpha: real = 0.5
) =
  alpha * softplus(-y * z)`,
  );
});

signature('lines that name parts become lets, but for those that are not used', async () => {
  assert.fixture(
    await shortened(
      'd = pred - target\nunused = d * 2\nloss = (d ** 2).mean()\nreturn loss + 0.1 * d.abs().mean()',
    ),
    `loss imported(pred: real, data target: real) =
  let d = pred - target
  let loss_ = d^2
  loss_ + 0.1 * abs(d)`,
  );
});

signature('a loss of PyTorch is that of the standard library', async () => {
  assert.fixture(
    await shortened('F.huber_loss(pred, target, delta=2.0)'),
    `import { huber } from "std/huber"

loss imported(pred: real, data target: real) = huber(target, pred, delta = 2)`,
  );
});

signature.run();
