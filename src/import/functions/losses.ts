/** The losses of torch.nn.functional: as the standard library has them, where it has the very same. */
import { call, name, num } from '../../../grammar/tree/build.js';
import { placeOf } from '../layout.js';
import { refuse } from '../refused.js';
import { asNumber, axesOf, numberValue, together, type Value } from '../value.js';
import { type Arguments, type FunctionRow, type Functions, filled, type Hands } from './row.js';

/** Options of PyTorch before 0.4 in their places, and the one that is left. */
const TAIL = 'size_average? reduce? reduction?';
const CLASS_WEIGHT = 'class_weight|weight?';

/** What PyTorch does with the items: their mean by default. */
function reduced(items: Value, given: Arguments, hands: Hands): Value {
  if (given.get('size_average') !== undefined || given.get('reduce') !== undefined)
    refuse(
      given.span,
      'size_average and reduce are the options of PyTorch before 0.4',
      "write reduction='mean', 'sum' or 'none'",
    );
  const how = given.word('reduction') ?? 'mean';
  const axes = axesOf(items.shape);
  const over = (op: string): Value['expr'] => call(op, [items.expr, ...axes.map(name)]);
  switch (how) {
    case 'none':
      return items;
    case 'mean':
      return { ...numberValue(over('mean')), items };
    case 'sum':
      return { ...numberValue(over('sum')), summed: items };
    case 'batchmean': {
      const own = axes.filter((axis) => axis !== 'batch');
      const rows = own.length === 0 ? items.expr : call('sum', [items.expr, ...own.map(name)]);
      const value = numberValue(rows, ['batch']);
      hands.ask('its mean divides by the size of the first axis only: everything after it is one item');
      return { ...numberValue(call('mean', [rows, name('batch')])), items: value };
    }
    default:
      return refuse(
        given.term('reduction').span,
        `there is no reduction '${how}'`,
        "write 'mean', 'sum' or 'none'",
      );
  }
}

interface LossRow {
  /** Arguments in the order of PyTorch. */
  readonly takes: string;
  readonly items: (given: Arguments, hands: Hands, value: (name: string) => Value) => Value;
  readonly more?: Partial<Pick<FunctionRow, 'dims' | 'ofClasses' | 'perItem'>>;
}

const row = ({ takes, items, more }: LossRow): FunctionRow => ({
  languages: ['python'],
  takes,
  counts: (given) => given.get('reduction')?.kind === 'word' && given.word('reduction') === 'batchmean',
  ...more,
  make: (given, hands) => {
    const value = (one: string): Value => asNumber(hands.value(given.term(one)));
    const found = items(given, hands, value);
    const weight = given.get('weight');
    const weighted =
      weight === undefined
        ? found
        : filled('weight * items', { weight: hands.value(weight), items: found }, given.span);
    return reduced(weighted, given, hands);
  },
});

/** A standard loss of the same inputs, in its order, that gives every entry a number. */
function standard(
  loss: string,
  from: string,
  takes: string,
  order: readonly string[],
  parameters: Readonly<Record<string, string>> = {},
): FunctionRow {
  return row({
    takes,
    items: (given, hands, value) => {
      const inputs = order.map(value);
      const named = Object.entries(parameters).flatMap(([theirs, ours]) => {
        const term = given.get(theirs);
        const preset = given.default(theirs);
        const ownDefault = OWN_DEFAULTS[`${loss}.${ours}`];
        if (term === undefined)
          return preset === undefined || preset === ownDefault ? [] : [[ours, num(preset)] as const];
        return [[ours, asNumber(hands.value(term)).expr] as const];
      });
      hands.use(loss, from);
      const shape = together(
        inputs.map((one) => one.shape),
        given.span,
      );
      return numberValue(
        call(
          loss,
          inputs.map(({ expr }) => expr),
          Object.fromEntries(named),
        ),
        shape,
      );
    },
  });
}

/** Where a default of ours is that of PyTorch nothing is written. */
const OWN_DEFAULTS: Readonly<Record<string, number>> = {
  'huber.delta': 1,
  'smooth_l1.beta': 1,
  'gaussian_nll.epsilon': 1e-6,
  'hinge_embedding.margin': 1,
  'margin_ranking.margin': 0,
};

/** Losses that take a vector per item and give one number: their axis is called as ours. */
function ofRows(
  loss: string,
  theirAxis: string,
  takes: string,
  order: readonly string[],
  dim: number,
  options: readonly string[] = [],
  more: LossRow['more'] = {},
): FunctionRow {
  return row({
    takes,
    more: { dims: () => [dim], ...more },
    items: (given, hands, value) => {
      if (given.get('class_weight') !== undefined || given.default('ignore_index') !== undefined)
        demandPlain(given);
      if (given.default('p') !== undefined && given.number('p') !== 1)
        refuse(given.term('p').span, 'only p=1 is supported');
      const inputs = order.map(value);
      const shape = together(
        inputs.map((one) =>
          more.perItem === undefined || one.shape.length > 1 ? one.shape : ['batch', '1'],
        ),
        given.span,
      );
      const at = placeOf(dim, shape, hands.layout, given.span);
      const axis = shape[at]!;
      const named = options
        .filter((one) => given.get(one) !== undefined)
        .map((one) => [one, asNumber(hands.value(given.term(one))).expr] as const);
      hands.use(loss, `std/${loss}`);
      const renamed = axis === theirAxis ? [] : [[theirAxis, name(axis)] as const];
      return numberValue(
        call(
          loss,
          inputs.map(({ expr }) => expr),
          Object.fromEntries([...named, ...renamed]),
        ),
        shape.toSpliced(at, 1),
      );
    },
  });
}

/** Refuses what changes the meaning of a loss of classes. */
function demandPlain(given: Arguments): void {
  const weight = given.get('class_weight');
  if (weight !== undefined)
    refuse(
      weight.span,
      'with class weights PyTorch divides by the sum of the weights, not by the number of items',
      'write the weighted formula; that of cross-entropy is std/sparse_cross_entropy_weighted',
    );
  if (given.default('ignore_index') !== undefined && given.number('ignore_index') !== -100)
    refuse(
      given.term('ignore_index').span,
      'only ignore_index=-100 is supported',
      'std/sparse_cross_entropy takes another label',
    );
}

const crossEntropy = row({
  takes: `input target ${CLASS_WEIGHT} size_average? ignore_index=-100 reduce? reduction? label_smoothing=0`,
  more: { dims: () => [1], ofClasses: true },
  items: (given, hands, value) => {
    demandPlain(given);
    const [x, y] = [value('input'), value('target')];
    const shape = together([x.shape, y.shape], given.span);
    const at = placeOf(1, shape, hands.layout, given.span);
    const axis = shape[at]!;
    const smooth =
      given.get('label_smoothing') === undefined ? undefined : hands.value(given.term('label_smoothing'));
    const target =
      smooth === undefined ? y : filled(`(1 - s) * y + s / size(${axis})`, { s: smooth, y }, given.span);
    hands.use('cross_entropy_logits', 'std/cross_entropy_logits');
    const renamed = axis === 'class' ? {} : { class: name(axis) };
    return numberValue(call('cross_entropy_logits', [target.expr, x.expr], renamed), shape.toSpliced(at, 1));
  },
});

const withLogits = row({
  takes: `input target weight? ${TAIL} pos_weight?`,
  items: (given, hands, value) => {
    const parts = { x: value('input'), y: value('target') };
    const weight = given.get('pos_weight');
    if (weight !== undefined)
      return filled(
        'w * y * softplus(-x) + (1 - y) * softplus(x)',
        { ...parts, w: hands.value(weight) },
        given.span,
      );
    hands.use('logit_bce', 'std/math');
    return filled('logit_bce(y, x)', parts, given.span);
  },
});

const divergence = row({
  takes: `input target ${TAIL} log_target?`,
  items: (given, _hands, value) => {
    const parts = { x: value('input'), y: value('target') };
    return filled(given.flag('log_target') ? 'exp(y) * (y - x)' : 'xlogy(y, y) - y * x', parts, given.span);
  },
});

const poisson = row({
  takes: 'input target log_input? full? size_average? eps=1e-8 reduce? reduction?',
  items: (given, hands, value) => {
    if (given.flag('full'))
      refuse(given.span, 'full=True adds an approximation of log(t!)', 'std/poisson_full has it exactly');
    const parts = { x: value('input'), y: value('target') };
    if (given.get('log_input') !== undefined && !given.flag('log_input'))
      return filled(
        'x - y * log(x + eps)',
        { ...parts, eps: numberValue(num(given.number('eps'))) },
        given.span,
      );
    hands.use('poisson_log', 'std/poisson_log');
    return filled('poisson_log(y, x)', parts, given.span);
  },
});

const gaussian = row({
  takes: 'input target var full? eps=1e-6 reduction?',
  items: (given, hands, value) => {
    const parts = {
      x: value('input'),
      y: value('target'),
      v: value('var'),
      e: numberValue(num(given.number('eps'))),
    };
    hands.use('gaussian_nll', 'std/gaussian_nll');
    const nll = given.number('eps') === 1e-6 ? 'gaussian_nll(y, x, v)' : 'gaussian_nll(y, x, v, epsilon = e)';
    return filled(given.flag('full') ? `${nll} + log(2 * pi) / 2` : nll, parts, given.span);
  },
});

/** PyTorch adds eps to every difference. */
const triplet = row({
  takes: `anchor positive negative margin=1 p=2 eps=1e-6 swap? ${TAIL}`,
  more: { dims: () => [-1] },
  items: (given, hands, value) => {
    if (given.number('p') !== 2 || given.flag('swap'))
      refuse(given.span, 'only p=2 without swap is supported');
    const parts = { a: value('anchor'), b: value('positive'), c: value('negative') };
    const shape = together(
      Object.values(parts).map((one) => one.shape),
      given.span,
    );
    const at = placeOf(-1, shape, hands.layout, given.span);
    const margin =
      given.get('margin') === undefined
        ? numberValue(num(given.number('margin')))
        : hands.value(given.term('margin'));
    const eps = numberValue(num(given.number('eps')));
    const axis = shape[at]!;
    const { expr } = filled(
      `relu(sqrt(sum((a - b + eps)^2, ${axis})) - sqrt(sum((a - c + eps)^2, ${axis})) + margin)`,
      { ...parts, eps, margin },
      given.span,
    );
    return numberValue(expr, shape.toSpliced(at, 1));
  },
});

export const LOSSES: Functions = {
  mse_loss: standard('mse', 'std/mse', `input target ${TAIL}`, ['target', 'input']),
  l1_loss: standard('mae', 'std/mae', `input target ${TAIL}`, ['target', 'input']),
  smooth_l1_loss: standard('smooth_l1', 'std/smooth_l1', `input target ${TAIL} beta=1`, ['target', 'input'], {
    beta: 'beta',
  }),
  huber_loss: standard('huber', 'std/huber', 'input target reduction? delta=1', ['target', 'input'], {
    delta: 'delta',
  }),
  binary_cross_entropy: standard('bce', 'std/bce', `input target weight? ${TAIL}`, ['target', 'input']),
  binary_cross_entropy_with_logits: withLogits,
  cross_entropy: crossEntropy,
  nll_loss: ofRows(
    'nll',
    'class',
    `input target ${CLASS_WEIGHT} size_average? ignore_index=-100 reduce? reduction?`,
    ['target', 'input'],
    1,
    [],
    { ofClasses: true },
  ),
  kl_div: divergence,
  poisson_nll_loss: poisson,
  gaussian_nll_loss: gaussian,
  soft_margin_loss: standard('soft_margin', 'std/soft_margin', `input target ${TAIL}`, ['target', 'input']),
  hinge_embedding_loss: standard(
    'hinge_embedding',
    'std/hinge_embedding',
    `input target margin=1 ${TAIL}`,
    ['target', 'input'],
    { margin: 'margin' },
  ),
  margin_ranking_loss: standard(
    'margin_ranking',
    'std/margin_ranking',
    `input1 input2 target margin=0 ${TAIL}`,
    ['target', 'input1', 'input2'],
    { margin: 'margin' },
  ),
  cosine_embedding_loss: ofRows(
    'cosine_embedding',
    'feature',
    `input1 input2 target margin? ${TAIL}`,
    ['target', 'input1', 'input2'],
    1,
    ['margin'],
    { perItem: ['target'] },
  ),
  triplet_margin_loss: triplet,
  multi_margin_loss: ofRows(
    'multi_margin',
    'class',
    `input target p=1 margin? ${CLASS_WEIGHT} ${TAIL}`,
    ['target', 'input'],
    1,
    ['margin'],
    { ofClasses: true },
  ),
  multilabel_soft_margin_loss: ofRows(
    'multilabel_soft_margin',
    'label',
    `input target ${CLASS_WEIGHT} ${TAIL}`,
    ['target', 'input'],
    1,
    [],
    { ofClasses: true },
  ),
};

/** What the modules of torch.nn are called. */
export const MODULES: Readonly<Record<string, string>> = {
  MSELoss: 'mse_loss',
  L1Loss: 'l1_loss',
  SmoothL1Loss: 'smooth_l1_loss',
  HuberLoss: 'huber_loss',
  BCELoss: 'binary_cross_entropy',
  BCEWithLogitsLoss: 'binary_cross_entropy_with_logits',
  CrossEntropyLoss: 'cross_entropy',
  NLLLoss: 'nll_loss',
  KLDivLoss: 'kl_div',
  PoissonNLLLoss: 'poisson_nll_loss',
  GaussianNLLLoss: 'gaussian_nll_loss',
  SoftMarginLoss: 'soft_margin_loss',
  HingeEmbeddingLoss: 'hinge_embedding_loss',
  MarginRankingLoss: 'margin_ranking_loss',
  CosineEmbeddingLoss: 'cosine_embedding_loss',
  TripletMarginLoss: 'triplet_margin_loss',
  MultiMarginLoss: 'multi_margin_loss',
  MultiLabelSoftMarginLoss: 'multilabel_soft_margin_loss',
};
