/** What changes the form of a tensor and none of its numbers, and what asks for its form. */
import { call } from '../../../grammar/tree/build.js';
import { refuse } from '../refused.js';
import type { Language } from '../term.js';
import { asNumber, axesOf, numberValue, type Value } from '../value.js';
import { countOf } from './reduce.js';
import { type Arguments, type FunctionRow, type Functions, literal } from './row.js';

const PYTHON: readonly Language[] = ['python'];
const X = 'x|input|a|self';

/** The same numbers. */
const identity = (takes = X): FunctionRow => ({
  languages: PYTHON,
  takes,
  make: (given, { value }) => asNumber(value(given.term('x'))),
});

/** Conditions become whole numbers; other numbers would lose what is behind the point. */
const whole: FunctionRow = {
  languages: PYTHON,
  takes: X,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    if (x.is === 'condition' || x.expr.kind === 'name') return asNumber(x);
    refuse(given.span, `${given.call.callee} cuts off the decimals`, 'write floor, or leave it out');
  },
};

const stopped: FunctionRow = {
  languages: PYTHON,
  takes: X,
  make: (given, { value }) => {
    const { expr, shape } = asNumber(value(given.term('x')));
    return numberValue(call('stop_gradient', [expr]), shape);
  },
};

/** `x.view(n, -1)` and `x.flatten(1)`: one axis for the entries of an item. */
function isRows({ call: { callee, args, named } }: Arguments): boolean {
  const [, first, second] = args;
  if (callee === 'flatten') {
    const start = first ?? named.find(({ name }) => name === 'start_dim')?.value;
    return start !== undefined && literal(start) === 1;
  }
  return args.length === 3 && literal(second!) === -1 && literal(first!) !== -1;
}

/**
 * Fewer axes with the same entries: what axes there were is of no matter where every entry is an item, or where all of an item are
 * one row.
 */
const flattened: FunctionRow = {
  languages: PYTHON,
  takes: `${X} b|start_dim? c? d?`,
  flattens: isRows,
  make: (given, { value, layout }) => {
    const x = value(given.term('x'));
    const last = layout.axes?.at(-1);
    const isOneRow = layout.shape.length === 2 && last?.kind === 'axis' && last.many;
    if (isRows(given) ? isOneRow && x.shape.length === 2 : layout.shape.join() === 'batch') return x;
    refuse(
      given.span,
      `${given.call.callee} changes the axes, which have names here`,
      'name the axes that are reduced instead: .sum(dim=(1, 2))',
    );
  },
};

const squeezed: FunctionRow = {
  languages: PYTHON,
  takes: `${X} dim|axis?`,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    if (x.shape.at(-1) === '1') return { ...x, shape: x.shape.slice(0, -1) };
    // A last axis of length 1 that other inputs lack is dropped by the language itself.
    if (x.shape.length === 1) return x;
    refuse(given.span, 'squeeze removes an axis that is not known here', 'leave it out');
  },
};

const unsqueezed: FunctionRow = {
  languages: PYTHON,
  takes: `${X} dim|axis`,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    const dim = literal(given.term('dim'));
    if (dim === undefined) refuse(given.span, 'the axis has to be a literal integer');
    return withOne(x, dim < 0 ? x.shape.length + 1 + dim : dim);
  },
  perItem: ['x'],
};

export function withOne(x: Value, at: number): Value {
  return { ...x, shape: x.shape.toSpliced(at, 0, '1') };
}

/** How many entries there are, or how long an axis is. */
const size: FunctionRow = {
  languages: PYTHON,
  takes: `${X} dim?`,
  dims: (given) =>
    given.get('dim') === undefined ? [] : given.number('dim') === 0 ? [] : [given.number('dim')],
  counts: (given) => given.get('dim') !== undefined && given.number('dim') === 0,
  make: (given, { value }) => {
    const { shape } = value(given.term('x'));
    if (given.get('dim') === undefined)
      refuse(given.span, 'size gives all lengths', 'write size(0), or numel()');
    return lengthOf(shape, given.number('dim'), given);
  },
};

export function lengthOf(
  shape: Value['shape'],
  dim: number,
  { span }: { readonly span: Parameters<typeof refuse>[0] },
): Value {
  const axis = shape.at(dim);
  if (axis === undefined) refuse(span, `there is no axis ${dim}`);
  return numberValue(countOf(axesOf([axis])));
}

const count: FunctionRow = {
  languages: PYTHON,
  takes: X,
  make: (given, { value }) => numberValue(countOf(axesOf(value(given.term('x')).shape))),
};

const len: FunctionRow = {
  languages: PYTHON,
  takes: X,
  counts: () => true,
  make: (given, { value }) => lengthOf(value(given.term('x')).shape, 0, given),
};

/** Rows with a single 1 are what labels stand for. */
const oneHot: FunctionRow = {
  languages: PYTHON,
  takes: `${X} num_classes?`,
  ofClasses: true,
  dims: () => [-1],
  make: (given, { value, ask }) => {
    const x = value(given.term('x'));
    if (x.expr.kind !== 'name') refuse(given.span, 'one_hot is supported only for an input');
    ask(`${x.expr.name} may be given as labels or as one-hot rows: is it one of several classes?`);
    return x;
  },
};

export const TENSORS: Functions = {
  float: identity(),
  double: identity(),
  half: identity(),
  contiguous: identity(),
  clone: identity(),
  copy: identity(),
  to: identity(`${X} b? c?`),
  type_as: identity(`${X} b?`),
  astype: identity(`${X} b?`),
  type: identity(`${X} b?`),
  tensor: identity(`${X} data?`),
  as_tensor: identity(`${X} data?`),
  asarray: identity(),
  array: identity(),
  expand_as: identity(`${X} b?`),
  cuda: identity(),
  cpu: identity(),
  numpy: identity(),
  long: whole,
  int: whole,
  detach: stopped,
  stop_gradient: stopped,
  item: stopped,
  view: flattened,
  reshape: flattened,
  flatten: flattened,
  ravel: flattened,
  squeeze: squeezed,
  unsqueeze: unsqueezed,
  expand_dims: unsqueezed,
  size,
  numel: count,
  len,
  one_hot: oneHot,
};
