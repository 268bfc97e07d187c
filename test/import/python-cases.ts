/** Formulas written for PyTorch, with inputs and their values as PyTorch and NumPy give them. */
export interface FormulaCase {
  readonly formula: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly value: number;
  /** Parameters that the formula leaves open. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** Inputs that are tensors of whole numbers. */
  readonly whole?: readonly string[];
}

const P = [
  [0.7, 0.2, 0.1],
  [0.1, 0.3, 0.6],
];
const Y = [
  [1, 0, 0],
  [0, 1, 0],
];
const X = [
  [1.5, -0.5, 0.25],
  [-2, 0.75, 1],
];
const A = [0.5, -1.25, 3];
const B = [1, 0.5, -0.5];
const U = [0.2, 0.9, 0.4];
const BITS = [0, 1, 1];
const SIGNS = [-1, 1, 1];
const L = [
  [1, 2, 0.5],
  [0.25, -1, 1],
];
const R = [
  [0.5, 1, -0.5],
  [-0.25, 2, 0.75],
];

export const PYTHON_CASES: readonly FormulaCase[] = [
  { formula: '-(y * torch.log(p)).sum(-1).mean()', inputs: { y: Y, p: P }, value: 0.7803238741323 },
  { formula: '-(y * torch.log(p)).sum(dim=1).mean()', inputs: { y: Y, p: P }, value: 0.7803238741323 },
  { formula: '((a_pred - y) ** 2).mean()', inputs: { a_pred: A, y: B }, value: 5.1875 },
  { formula: '(x - y).abs().mean()', inputs: { x: A, y: B }, value: 1.916666666667 },
  { formula: '0.5 * (x - y).pow(2).sum()', inputs: { x: A, y: B }, value: 7.78125 },
  { formula: 'F.mse_loss(x, y)', inputs: { x: X, y: P }, value: 0.9875 },
  { formula: "F.mse_loss(x, y, reduction='sum')", inputs: { x: X, y: P }, value: 5.925 },
  { formula: 'F.l1_loss(x, y)', inputs: { x: A, y: B }, value: 1.916666666667 },
  { formula: 'F.smooth_l1_loss(x, y, beta=0.5)', inputs: { x: A, y: B }, value: 1.666666666667 },
  { formula: 'F.huber_loss(x, y, delta=2.0)', inputs: { x: A, y: B }, value: 2.21875 },
  { formula: 'F.binary_cross_entropy(p, y)', inputs: { p: U, y: BITS }, value: 0.4149315996154 },
  { formula: 'F.binary_cross_entropy_with_logits(x, y)', inputs: { x: A, y: BITS }, value: 0.8415311390331 },
  {
    formula: 'F.binary_cross_entropy_with_logits(x, y, pos_weight=torch.tensor(3.0))',
    inputs: { x: A, y: BITS },
    value: 1.875208760979,
  },
  { formula: 'F.cross_entropy(x, y)', inputs: { x: X, y: [2, 0] }, whole: ['y'], value: 2.602747933444 },
  {
    formula: 'F.cross_entropy(x, y, label_smoothing=0.1)',
    inputs: { x: X, y: [2, 0] },
    whole: ['y'],
    value: 2.498581266778,
  },
  { formula: "nn.CrossEntropyLoss(reduction='sum')(x, y)", inputs: { x: X, y: Y }, value: 1.205495866889 },
  {
    formula: 'F.nll_loss(F.log_softmax(x, dim=1), y)',
    inputs: { x: X, y: [2, 0] },
    whole: ['y'],
    value: 2.602747933444,
  },
  {
    formula: "F.kl_div(F.log_softmax(x, dim=-1), y, reduction='batchmean')",
    inputs: { x: X, y: P },
    value: 0.07786579474423,
  },
  { formula: 'F.kl_div(F.log_softmax(x, dim=-1), y)', inputs: { x: X, y: P }, value: 0.02595526491474 },
  { formula: 'F.poisson_nll_loss(x, y)', inputs: { x: A, y: [0, 2, 1] }, value: 7.173587663583 },
  {
    formula: 'F.gaussian_nll_loss(x, y, var)',
    inputs: { x: A, y: B, var: [0.5, 1, 2] },
    value: 1.614583333333,
  },
  { formula: 'F.soft_margin_loss(x, y)', inputs: { x: A, y: SIGNS }, value: 0.8415311390331 },
  { formula: 'F.hinge_embedding_loss(x, y, margin=2.0)', inputs: { x: U, y: SIGNS }, value: 1.033333333333 },
  {
    formula: 'F.margin_ranking_loss(x1, x2, target, margin=0.5)',
    inputs: { x1: A, x2: B, target: SIGNS },
    value: 0.75,
  },
  {
    formula: 'F.cosine_embedding_loss(x1, x2, target, margin=0.1)',
    inputs: { x1: L, x2: R, target: [1, -1] },
    value: 0.09910813713154,
  },
  {
    formula: 'F.triplet_margin_loss(anchor, positive, negative)',
    inputs: { anchor: L, positive: R, negative: P },
    value: 1.657545827796,
  },
  { formula: 'F.multi_margin_loss(x, y)', inputs: { x: X, y: [2, 0] }, whole: ['y'], value: 1.708333333333 },
  {
    formula: 'F.multilabel_soft_margin_loss(x, y)',
    inputs: {
      x: X,
      y: [
        [1, 0, 1],
        [0, 1, 0],
      ],
    },
    value: 0.5130817311196,
  },
  {
    formula:
      'd = x - y\nreturn torch.where(d.abs() < delta, 0.5 * d**2, delta * (d.abs() - 0.5 * delta)).mean()',
    inputs: { x: A, y: B },
    parameters: { delta: 1.5 },
    value: 1.916666666667,
  },
  {
    formula:
      'def focal(pred, target, gamma=2.0):\n    """Focal loss."""\n    pred = torch.clamp(pred, 1e-7, 1 - 1e-7)\n    ce = -target * torch.log(pred)\n    weight = (1 - pred) ** gamma\n    return (weight * ce).sum(dim=-1).mean()',
    inputs: { pred: P, target: Y },
    value: 0.3110237095371,
  },
  {
    formula:
      'def dice(pred, target, smooth=1.0):\n  n = pred.size(0)\n  pred = pred.view(n, -1)\n  target = target.view(n, -1)\n  inter = (pred * target).sum(1)\n  return (1 - (2 * inter + smooth) / (pred.sum(1) + target.sum(1) + smooth)).mean()',
    inputs: {
      pred: [
        [
          [0.5, 0.25],
          [1, 0],
        ],
        [
          [0, 0],
          [0.75, 0.5],
        ],
      ],
      target: [
        [
          [1, 0],
          [1, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
    },
    value: 0.194331983805668,
  },
  {
    formula:
      'def contrastive(x1, x2, y, margin=4.0):\n  d = F.pairwise_distance(x1, x2)\n  return torch.mean(y * d.pow(2) + (1 - y) * torch.clamp(margin - d, min=0.0).pow(2))',
    inputs: { x1: L, x2: R, y: [1, 0] },
    value: 1.574697583503,
  },
  {
    formula: '1 - (pred.flatten(1) * target.flatten(1)).sum(1).mean()',
    inputs: {
      pred: [
        [
          [0.5, 0.25],
          [1, 0],
        ],
        [
          [0, 0],
          [0.75, 0.5],
        ],
      ],
      target: [
        [
          [1, 0],
          [1, 0],
        ],
        [
          [0, 0],
          [1, 0],
        ],
      ],
    },
    value: -0.125,
  },
  {
    formula:
      'def dice(pred, target, smooth=1.0):\n  pred = pred.view(-1)\n  target = target.view(-1)\n  inter = (pred * target).sum()\n  return 1 - (2. * inter + smooth) / (pred.sum() + target.sum() + smooth)',
    inputs: { pred: U, target: BITS },
    value: 0.2,
  },
  { formula: 'F.softplus(-y * x).mean()', inputs: { x: A, y: SIGNS }, value: 0.8415311390331 },
  { formula: 'torch.clamp(1 - y * x, min=0).mean()', inputs: { x: A, y: SIGNS }, value: 1.25 },
  {
    formula: '(torch.logsumexp(x, dim=-1) - (x * y).sum(dim=-1)).mean()',
    inputs: { x: X, y: Y },
    value: 0.6027479334443,
  },
  {
    formula: '(1 - F.cosine_similarity(x1, x2, dim=-1)).mean()',
    inputs: { x1: L, x2: R },
    value: 0.8115873599919,
  },
  { formula: '(torch.norm(x1 - x2, dim=-1) ** 2).mean()', inputs: { x1: L, x2: R }, value: 5.78125 },
  { formula: '((x - y) ** 2).sum() / x.size(0)', inputs: { x: X, y: P }, value: 2.9625 },
  {
    formula: '(x - y).pow(2).mean() + 0.25 * (x - y).abs().mean() - 1',
    inputs: { x: X, y: P },
    value: 0.1791666666667,
  },
  { formula: 'torch.sqrt(torch.mean((x - y) ** 2))', inputs: { x: A, y: B }, value: 2.277608394786 },
  { formula: 'torch.std(x - y)', inputs: { x: A, y: B }, value: 2.742413778651 },
  {
    formula: '((x - x.mean(dim=-1, keepdim=True)) * y).sum(-1).mean()',
    inputs: { x: X, y: P },
    value: 0.6333333333333,
  },
  { formula: '(x.max(dim=-1).values - (x * y).sum(-1)).mean()', inputs: { x: X, y: Y }, value: 0.125 },
  { formula: '((x - y) % 2 + (x - y) // 2).mean()', inputs: { x: A, y: B }, value: 0.75 },
  { formula: '((x > y).float() * (x - y)).mean()', inputs: { x: A, y: B }, value: 1.166666666667 },
  {
    formula: '-(F.logsigmoid(x) * y + (1 - y) * F.logsigmoid(-x)).mean()',
    inputs: { x: A, y: BITS },
    value: 0.8415311390331,
  },
  {
    formula: '(y * (y / p).log()).sum(-1).mean()',
    inputs: { p: P, y: R.map((row) => row.map((v) => Math.abs(v))) },
    value: 3.218295533283,
  },
  { formula: 'torch.log(torch.cosh(x - y)).mean()', inputs: { x: A, y: B }, value: 1.338160676855 },
  { formula: '(x - y).abs().sum(-1).max()', inputs: { x: X, y: P }, value: 2.95 },
  { formula: '(x.detach() * (x - y)).mean()', inputs: { x: A, y: B }, value: 4.145833333333 },
];
