import type { Node } from '../graph/graph.js';
import { choose, negate } from '../graph/raw.js';
import { isLeaf, type Op } from '../operators/order.js';
import { isNonnegative } from '../operators/range.js';
import { along, entry } from './along.js';
import { certain, either, isUnit, type Log, type LogArithmetic, never, scaledFrom } from './log.js';
import { nearOne } from './near.js';
import {
  complementFromMinusLog,
  logOfDistance,
  logOfErf,
  logOfPower,
  logOfProduct,
  logOfTanh,
} from './products.js';
import { mayVanish } from './safe.js';
import { logitOfShare, withShare } from './shares.js';
import { isMultipleOfSum, logOfSum, sumIn } from './sums.js';

/** log |x| by the structure of x; undefined where there is none. */
type Row = (space: LogArithmetic, x: Node) => Log | undefined;

/** Below this softplus(z) is exp(z) to the last digit of a double. */
const FAR_BELOW = -38;

/** log|log1p(x)| given log|x|: log1p of a very small number is that number. */
function nearItself({ b, settle }: LogArithmetic, log: Log, args: readonly Node[]): Log {
  const isTiny = b.apply('lt', [log.node, b.constant(FAR_BELOW)]);
  const plain = settle('log', b.apply('abs', [b.apply('log1p', args)]));
  return { node: choose(b, isTiny, log.node, plain), maybeNever: log.maybeNever };
}

/** The larger of two of which one is not negative: what is negative has no say, and is no more than an exact 0. */
const larger: Row = (space, x) => {
  if (!isNonnegative(x.range)) return undefined;
  const { b, logOf } = space;
  const logs = x.args
    .filter(({ range }) => range.hi > 0)
    .map((arg) =>
      isNonnegative(arg.range)
        ? logOf(arg)
        : either(b, b.apply('le', [arg, b.constant(0)]), never(b), logOf(arg)),
    );
  return logs.length === 0 ? never(b) : extreme(space, 'max', logs);
};
const smaller: Row = (space, x) =>
  x.args.every(({ range }) => isNonnegative(range))
    ? extreme(space, 'min', x.args.map(space.logOf))
    : undefined;

const extreme = ({ b }: LogArithmetic, op: 'max' | 'min', logs: readonly Log[]): Log => ({
  node: logs.map(({ node }) => node).reduce((first, second) => b.apply(op, [first, second])),
  maybeNever: logs.some(({ maybeNever }) => maybeNever),
});

const extremeAlong: Row = (space, x) => {
  const [u] = x.args;
  return isNonnegative(u!.range)
    ? along(space, x.op as 'reduceMax' | 'reduceMin', x, space.logOf(u!))
    : undefined;
};

/** One row per operator; `undefined` says that a value has no other logarithm than the plain one. */
export const LOGS: { readonly [K in Op]: Row | undefined } = {
  const: ({ b }, x) => (x.value === 0 ? never(b) : undefined),
  parameter: undefined,
  literal: undefined,
  size: undefined,
  index: undefined,
  input: undefined,
  add: logOfSum,
  mul: (space, x) => {
    const { b } = space;
    const share = logitOfShare(space, x);
    if (share !== undefined)
      return {
        node: negate(b, b.apply('softplus', [negate(b, share.logit)])),
        maybeNever: share.part.maybeNever,
      };
    const shared = withShare(space, x);
    if (shared !== undefined) return space.logOf(shared);
    const log = logOfProduct(space, x);
    return (isMultipleOfSum(x) && isUnit(x)) || sumIn(space, x) !== undefined ? nearOne(space, x, log) : log;
  },
  pow: logOfPower,
  max: larger,
  min: smaller,
  exp: (_, x) => certain(x.args[0]!),
  log: (space, x) => (space.isUnit(x.args[0]!) ? space.minusLogOf(x.args[0]!) : undefined),
  log1p: (space, { args: [u] }) => {
    const size = isNonnegative(u!.range) ? u! : negate(space.b, u!);
    return mayVanish(size) && isUnit(size) ? nearItself(space, space.logOf(size), [u!]) : undefined;
  },
  expm1: (space, x) => {
    const { b } = space;
    const [u] = x.args;
    const minus = negate(b, u!);
    if (u!.range.hi <= 0)
      return mayVanish(u!)
        ? complementFromMinusLog(space, space.logOf(minus), u!)
        : space.knowingZero(x, negate(b, x), space.settle('log1mexp', u!));
    if (u!.range.lo >= 0) return space.knowingZero(x, x, b.add([u!, space.settle('log1mexp', minus)]));
    return undefined;
  },
  log1mexp: undefined,
  abs: (space, { args: [u] }) => logOfDistance(space, u!, false) ?? space.logOf(u!),
  sign: undefined,
  floor: undefined,
  round: undefined,
  sin: undefined,
  cos: undefined,
  acos: undefined,
  atan: undefined,
  erf: (space, x) => {
    const [u] = x.args;
    return isNonnegative(u!.range) ? space.knowingZero(x, x, logOfErf(space, u!)) : undefined;
  },
  erfc: ({ b }, { args: [u] }) => certain(b.apply('logErfc', [u!])),
  erfcx: undefined,
  logErfc: undefined,
  logErfcSlope: undefined,
  i0: ({ b }, { args }) => certain(b.apply('logI0', args)),
  i0e: ({ b }, { args }) => certain(b.apply('logI0e', args)),
  logI0: undefined,
  logI0e: undefined,
  lgamma: undefined,
  polygamma: undefined,
  sigmoid: ({ b }, { args: [u] }) => certain(negate(b, b.apply('softplus', [negate(b, u!)]))),
  softplus: (space, x) => {
    const { b } = space;
    const [u] = x.args;
    return certain(choose(b, b.apply('lt', [u!, b.constant(FAR_BELOW)]), u!, space.settle('log', x)));
  },
  tanh: (space, x) => {
    const [u] = x.args;
    return isNonnegative(u!.range) ? space.knowingZero(x, x, logOfTanh(space, u!)) : undefined;
  },
  // What is not a number is not 0.
  relu: ({ b, logOf }, { args: [u] }) => either(b, b.apply('le', [u!, b.constant(0)]), never(b), logOf(u!)),
  xlogy: undefined,
  stop: undefined,
  lt: undefined,
  le: undefined,
  eq: undefined,
  and: undefined,
  or: undefined,
  not: undefined,
  select: ({ b, logOf }, { args: [condition, yes, no] }) => either(b, condition!, logOf(yes!), logOf(no!)),
  sum: (space, x) => {
    const [u] = x.args;
    if (!space.isNonnegative(u!)) return undefined;
    return nearOne(space, x, along(space, 'logsumexp', x, space.logOf(u!)));
  },
  prod: (space, x) => along(space, 'sum', x, space.logOf(x.args[0]!)),
  reduceMax: extremeAlong,
  reduceMin: extremeAlong,
  logsumexp: undefined,
  softmax: ({ b }, x) => certain(b.along('logSoftmax', x.args[0]!, x.axis)),
  logSoftmax: (space, x) => space.minusLogOf(space.b.apply('exp', [x])),
  at: (space, x) =>
    isLeaf(x.args[0]!.op) ? undefined : entry(space, x, space.logOf(x.args[0]!), never(space.b)),
  rename: ({ b, logOf }, x) => {
    if (isLeaf(x.args[0]!.op)) return undefined;
    const log = logOf(x.args[0]!);
    const renamed = (part: Node): Node => b.rename(part, x.axis, x.to);
    return {
      node: renamed(log.node),
      maybeNever: log.maybeNever,
      ...scaledFrom(b, [log], ([part]) => ({ factor: renamed(part!.factor), rest: renamed(part!.rest) })),
    };
  },
};
