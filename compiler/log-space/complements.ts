import type { Node } from '../graph/graph.js';
import { negate, subtract } from '../graph/raw.js';
import type { Op } from '../operators/order.js';
import { isNonnegative } from '../operators/range.js';
import { along, entry } from './along.js';
import { certain, either, type Log, type LogArithmetic, never } from './log.js';
import { nearZero } from './near.js';
import { complementFromMinusLog, complementOfProduct, logOfDistance } from './products.js';
import { isSafe } from './safe.js';
import {
  complementOfMean,
  complementOfShare,
  complementOfSoftmax,
  complementOfWeightedSum,
  logitOfShare,
  withShare,
} from './shares.js';
import { complementOfTerms, isMultipleOfSum, sumIn } from './sums.js';

/** log(1 - x) of a value that lies within [0, 1]; undefined where it does not, or where the structure of x says no more than x. */
type Row = (space: LogArithmetic, x: Node) => Log | undefined;

/** The complement of the larger is the smaller of the complements. */
const OPPOSITE = { max: 'min', min: 'max', reduceMax: 'reduceMin', reduceMin: 'reduceMax' } as const;

const extreme: Row = (space, x) => {
  if (!x.args.every(space.isUnit)) return undefined;
  const parts = x.args.map(space.complementOrPlain);
  const node = space.b.apply(
    OPPOSITE[x.op as 'max' | 'min'],
    parts.map((part) => part.node),
  );
  return { node, maybeNever: parts.some(({ maybeNever }) => maybeNever) };
};
const extremeAlong: Row = (space, x) => {
  const part = space.complementOf(x.args[0]!);
  return part && along(space, OPPOSITE[x.op as 'reduceMax' | 'reduceMin'], x, part);
};

const complementOfFactors: Row = (space, x) =>
  nearZero(
    space,
    x,
    complementOfShare(space, x) ??
      complementOfMean(space, x) ??
      (isMultipleOfSum(x) || sumIn(space, x) !== undefined ? complementOfTerms(space, x) : undefined),
  ) ?? complementOfProduct(space, x);

/** One row per operator; `undefined` says that a value has no complement of its own. */
export const COMPLEMENTS: { readonly [K in Op]: Row | undefined } = {
  const: ({ b }, x) => (x.value === 1 ? never(b) : undefined),
  parameter: undefined,
  literal: undefined,
  size: undefined,
  index: undefined,
  input: undefined,
  add: (space, x) => nearZero(space, x, complementOfTerms(space, x)),
  mul: (space, x) => {
    const shared = logitOfShare(space, x) === undefined ? withShare(space, x) : undefined;
    return shared === undefined ? complementOfFactors(space, x) : space.complementOf(shared);
  },
  pow: complementOfProduct,
  max: extreme,
  min: extreme,
  exp: (space, { args: [u] }) => {
    if (u!.op === 'logSoftmax') return complementOfSoftmax(space, u!);
    if (u!.range.hi > 0) return undefined;
    return complementFromMinusLog(space, space.logOf(negate(space.b, u!)), u!);
  },
  log: undefined,
  log1p: undefined,
  expm1: undefined,
  log1mexp: undefined,
  abs: (space, { args: [u] }) => logOfDistance(space, u!, true),
  sign: undefined,
  floor: undefined,
  round: undefined,
  sin: undefined,
  cos: undefined,
  acos: undefined,
  atan: undefined,
  erf: ({ b }, { args: [u] }) => (isNonnegative(u!.range) ? certain(b.apply('logErfc', [u!])) : undefined),
  erfc: (space, { args: [u] }) =>
    isNonnegative(u!.range) ? space.logOf(space.b.apply('erf', [u!])) : undefined,
  erfcx: undefined,
  logErfc: undefined,
  logErfcSlope: undefined,
  i0: undefined,
  i0e: undefined,
  // I1(x) / I0(x) for a positive x: what it lacks is minus the slope of log(i0e(x)).
  logI0: (space, x) => {
    const { b } = space;
    if (x.value !== 1 || !isNonnegative(x.args[0]!.range)) return undefined;
    return nearZero(space, x, certain(b.apply('log', [negate(b, b.apply('logI0e', x.args, 1))])));
  },
  logI0e: undefined,
  lgamma: undefined,
  polygamma: undefined,
  sigmoid: ({ b }, { args: [u] }) => certain(negate(b, b.apply('softplus', [u!]))),
  softplus: undefined,
  tanh: (space, { args: [u] }) => {
    const { b } = space;
    if (!isNonnegative(u!.range)) return undefined;
    const twice = b.mul([b.constant(2), u!]);
    return certain(subtract(b, space.settle('log', b.constant(2)), b.apply('softplus', [twice])));
  },
  relu: undefined,
  xlogy: undefined,
  stop: undefined,
  lt: undefined,
  le: undefined,
  eq: undefined,
  and: undefined,
  or: undefined,
  not: undefined,
  select: (space, { args: [condition, yes, no] }) => {
    if (!space.isUnit(yes!) || !space.isUnit(no!) || (isSafe(yes!) && isSafe(no!))) return undefined;
    return either(space.b, condition!, space.complementOrPlain(yes!), space.complementOrPlain(no!));
  },
  sum: (space, x) => nearZero(space, x, complementOfWeightedSum(space, x, x.args[0]!)),
  prod: complementOfProduct,
  reduceMax: extremeAlong,
  reduceMin: extremeAlong,
  logsumexp: undefined,
  softmax: (space, x) => complementOfSoftmax(space, space.b.along('logSoftmax', x.args[0]!, x.axis)),
  logSoftmax: undefined,
  at: (space, x) => {
    const part = space.complementOf(x.args[0]!);
    return part && entry(space, x, part, certain(space.b.constant(0)));
  },
  rename: ({ b, complementOf }, x) => {
    const part = complementOf(x.args[0]!);
    return part && { node: b.rename(part.node, x.axis, x.to), maybeNever: part.maybeNever };
  },
};
