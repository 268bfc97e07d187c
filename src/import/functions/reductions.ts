/** Functions along axes. */
import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, call, name, num } from '../../../grammar/tree/build.js';
import { placeOf } from '../layout.js';
import { refuse } from '../refused.js';
import type { Language } from '../term.js';
import { asNumber, numberValue, together, type Value } from '../value.js';
import { AXIS, KEEP, norm, reduce, reduceAxes, reducedAt, reduction, variance } from './reduce.js';
import { type Arguments, type FunctionRow, type Functions, filled, type Hands, literal } from './row.js';

const NOT_LATEX: readonly Language[] = ['python', 'mathjs'];
const PYTHON: readonly Language[] = ['python'];
const X = 'x|input|a|self';

const dims = (given: Arguments): readonly number[] => given.axes('dim') ?? [];

const reducing = (op: string, languages = PYTHON): FunctionRow => ({
  languages,
  takes: `${X} ${AXIS} ${KEEP}`,
  dims,
  make: (given, hands) => {
    const { library, isMethod, callee } = given.call;
    if (library === '' && !isMethod && callee === 'sum' && hands.layout.shape.length > 1)
      refuse(
        given.span,
        'the built-in sum of Python adds along the first axis',
        'write x.sum() for all of them, or x.sum(-1)',
      );
    return reduce(op, given, hands);
  },
});

/** `max` and `min`: of all entries, along an axis, or of two values. */
const largest = (op: 'max' | 'min'): FunctionRow => ({
  languages: PYTHON,
  takes: `${X} other|dim|axis? ${KEEP} rest?`,
  dims: (given) => (isAxis(given) ? (given.axes('other') ?? []) : []),
  make: (given, hands) => {
    const { library, callee } = given.call;
    const second = given.get('other');
    if (second === undefined)
      return reduceAxes(
        op,
        reducedAt(asNumber(hands.value(given.term('x'))), undefined, false, hands.layout, given),
      );
    if (!isAxis(given)) {
      const pair = filled(
        `${op}(x, y)`,
        { x: hands.value(given.term('x')), y: hands.value(second) },
        given.span,
      );
      const [third] = given.call.args.slice(2);
      return third === undefined
        ? pair
        : filled(`${op}(x, y)`, { x: pair, y: hands.value(third) }, given.span);
    }
    if (library !== 'numpy' && !isNamed(given, 'axis'))
      refuse(
        given.span,
        `${callee} along an axis gives a pair in PyTorch: the values, and where they are`,
        `write ${op === 'max' ? 'amax' : 'amin'}, or add .values`,
      );
    return reduceAxes(
      op,
      reducedAt(
        asNumber(hands.value(given.term('x'))),
        given.axes('other'),
        given.flag('keepdim'),
        hands.layout,
        given,
      ),
    );
  },
});

const isNamed = ({ call: { named } }: Arguments, option: string): boolean =>
  named.some(({ name: one }) => one === option);

/** `x.max(1)` has an axis; `max(x, 1)` of Python itself and `max(x, y)` two values. */
function isAxis(given: Arguments): boolean {
  const second = given.get('other');
  const { library, isMethod, named } = given.call;
  if (second === undefined) return false;
  if (named.some(({ name: one }) => one === 'dim' || one === 'axis')) return true;
  if (library === '' && !isMethod) return false;
  if (library === 'math' || library === 'sympy') return false;
  const value = literal(second);
  return second.kind === 'list' || (value !== undefined && Number.isInteger(value));
}

/** The pair of `x.max(dim)`, of which the values are taken. */
export const valuesOf = (op: 'max' | 'min'): FunctionRow => ({
  ...largest(op),
  make: (given, hands) =>
    reduceAxes(
      op,
      reducedAt(
        asNumber(hands.value(given.term('x'))),
        given.axes('other'),
        given.flag('keepdim'),
        hands.layout,
        given,
      ),
    ),
});

/** Along one axis, which stays. */
const along = (text: (x: Expr, axis: Expr) => Expr): FunctionRow => ({
  languages: PYTHON,
  takes: `${X} ${AXIS}`,
  dims,
  ofClasses: true,
  make: (given, hands) => {
    const x = asNumber(hands.value(given.term('x')));
    return numberValue(text(x.expr, name(oneAxis(given, hands, x))), x.shape);
  },
});

function oneAxis(given: Arguments, { layout }: Hands, { shape }: Value): string {
  const axes = given.axes('dim');
  if (axes === undefined || axes.length !== 1)
    refuse(given.span, `${given.call.callee} needs one axis`, 'write dim=-1 for the last');
  const axis = shape[placeOf(axes[0]!, shape, layout, given.span)]!;
  if (axis === '1') refuse(given.span, 'that axis has one entry');
  return axis;
}

const spread = (root: boolean): FunctionRow => ({
  languages: PYTHON,
  takes: `${X} ${AXIS} unbiased? ddof|correction? ${KEEP}`,
  dims,
  make: (given, hands) => {
    const { library, isMethod, callee } = given.call;
    const biased = given.get('unbiased') === undefined ? undefined : !given.flag('unbiased');
    const told =
      given.get('ddof') === undefined
        ? biased === undefined
          ? undefined
          : Number(!biased)
        : given.number('ddof');
    if (told === undefined && (isMethod || library === ''))
      refuse(
        given.span,
        `${callee} divides by n - 1 in PyTorch and by n in NumPy, and it is not clear which this is`,
        `write torch.${callee}(x) or np.${callee}(x)`,
      );
    const found = variance(given, hands, told ?? (library === 'torch' ? 1 : 0));
    return root ? numberValue(call('sqrt', [found.expr]), found.shape) : found;
  },
});

const length = (takes: string, firstDims: readonly number[] | undefined): FunctionRow => ({
  languages: PYTHON,
  takes,
  dims: (given) => given.axes('dim') ?? firstDims ?? [],
  make: (given, hands) => {
    const order = given.get('ord');
    const isOne =
      order === undefined || (order.kind === 'word' && (order.word === 'fro' || order.word === '2'));
    const axes = given.axes('dim') ?? firstDims;
    const power = isOne ? 2 : given.number('ord');
    if (axes === undefined && power !== 2 && given.call.callee === 'norm' && given.call.library === 'numpy')
      refuse(given.span, 'for a matrix this order is a different norm', 'name the axis');
    return norm(given, hands, power, axes);
  },
});

/** Sums of products along the last axis. */
const inner: FunctionRow = {
  languages: PYTHON,
  takes: 'x|input|a y|other|b',
  make: (given, { value, layout }) => {
    if (layout.shape.length > 1)
      refuse(
        given.span,
        `${given.call.callee} of tensors with several axes is not supported`,
        'write (a * b).sum(-1)',
      );
    const product = filled('x * y', { x: value(given.term('x')), y: value(given.term('y')) }, given.span);
    return reduceAxes('sum', reducedAt(product, undefined, false, layout, given));
  },
};

const distance: FunctionRow = {
  languages: PYTHON,
  takes: 'x|x1 y|x2 p=2 eps=1e-6 keepdim?',
  dims: () => [-1],
  make: (given, hands) => {
    const eps = numberValue(num(given.number('eps')));
    const gap = filled(
      'x - y + eps',
      { x: hands.value(given.term('x')), y: hands.value(given.term('y')), eps },
      given.span,
    );
    if (given.number('p') !== 2) refuse(given.span, 'only distances with p=2 are supported');
    const { axes, shape } = reducedAt(gap, [-1], given.flag('keepdim'), hands.layout, given);
    return numberValue(call('sqrt', [reduction('sum', binary('^', gap.expr, num(2)), axes)]), shape);
  },
};

/** PyTorch keeps each length from being less than eps. */
const similarity: FunctionRow = {
  languages: PYTHON,
  takes: 'x|x1 y|x2 dim=1 eps=1e-8',
  dims: (given) => [given.number('dim')],
  make: (given, hands) => {
    const [x, y] = [asNumber(hands.value(given.term('x'))), asNumber(hands.value(given.term('y')))];
    const shape = together([x.shape, y.shape], given.span);
    const at = placeOf(given.number('dim'), shape, hands.layout, given.span);
    const axis = name(shape[at]!);
    const eps = num(given.number('eps'));
    const size = ({ expr }: Value): Expr =>
      call('max', [call('sqrt', [call('sum', [binary('^', expr, num(2)), axis])]), eps]);
    const dot = call('sum', [binary('*', x.expr, y.expr), axis]);
    return numberValue(binary('/', dot, binary('*', size(x), size(y))), shape.toSpliced(at, 1));
  },
};

const normalised: FunctionRow = {
  languages: PYTHON,
  takes: `${X} p=2 dim=1 eps=1e-12`,
  dims: (given) => [given.number('dim')],
  make: (given, hands) => {
    const x = asNumber(hands.value(given.term('x')));
    const axis = name(x.shape[placeOf(given.number('dim'), x.shape, hands.layout, given.span)]!);
    if (given.number('p') !== 2) refuse(given.span, 'only p=2 is supported');
    const size = call('sqrt', [call('sum', [binary('^', x.expr, num(2)), axis])]);
    return numberValue(binary('/', x.expr, call('max', [size, num(given.number('eps'))])), x.shape);
  },
};

const never = (message: string, hint?: string): FunctionRow => ({
  languages: NOT_LATEX,
  takes: 'a? b? c? dim|axis? keepdim|keepdims? descending?',
  make: (given) => refuse(given.span, `${given.call.callee} ${message}`, hint),
});
const NO_POSITION = never('gives a position, which has no gradient', 'declare what it finds as an input');

export const REDUCTIONS: Functions = {
  sum: reducing('sum'),
  nansum: never('leaves NaN out, but values of a loss are never NaN', 'leave entries out with a mask'),
  nanmean: never('leaves NaN out, but values of a loss are never NaN', 'leave entries out with a mask'),
  mean: reducing('mean'),
  average: reducing('mean'),
  prod: reducing('prod'),
  max: largest('max'),
  min: largest('min'),
  amax: reducing('max'),
  amin: reducing('min'),
  logsumexp: { ...reducing('logsumexp'), ofClasses: true },
  softmax: along((x, axis) => call('softmax', [x, axis])),
  log_softmax: along((x, axis) => call('log_softmax', [x, axis])),
  softmin: along((x, axis) => call('softmax', [{ kind: 'unary', op: '-', operand: x }, axis])),
  std: spread(true),
  var: spread(false),
  norm: length(`${X} ord|p? ${AXIS} ${KEEP}`, undefined),
  vector_norm: length(`${X} ord? ${AXIS} ${KEEP}`, undefined),
  dot: inner,
  inner,
  vdot: inner,
  cosine_similarity: similarity,
  pairwise_distance: distance,
  normalize: normalised,
  median: never('has no gradient for most entries, and lossc has no median'),
  argmax: NO_POSITION,
  argmin: NO_POSITION,
  argsort: NO_POSITION,
  sort: never('is not supported: lossc compares pairs with rename'),
  topk: never('is not supported: lossc compares pairs with rename'),
  cumsum: never(
    'is not supported',
    'write a sum with a condition: sum(rename(x, a, b), b where index(b) <= index(a))',
  ),
  cumprod: never('is not supported'),
  gather: never(
    'is not supported',
    'for labels write F.nll_loss or F.cross_entropy, or a product with one-hot rows',
  ),
  matmul: never('is a product of matrices', 'write it as a sum: (a * b).sum(-1)'),
  mm: never('is a product of matrices', 'write it as a sum: (a * b).sum(-1)'),
  bmm: never('is a product of matrices', 'write it as a sum: (a * b).sum(-1)'),
  einsum: never('is not supported', 'write it as a sum: (a * b).sum(-1)'),
  cdist: never('is not supported: it compares all pairs, which lossc does with rename'),
};
