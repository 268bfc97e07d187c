import type { Node } from '../graph/graph.js';
import type { Op } from '../operators/order.js';

/** The smallest normal float32 is 1.2e-38. */
const UNDERFLOW = 1e-37;
/** A number in front that makes a given value no smaller than float32 can hold. */
const SMALL_FACTOR = 1e-3;
/** How deep an expression is looked into. */
const MOST_DEPTH = 8;

/**
 * Whether a value that is not 0 over the reals is not 0 in float32 either: a small probability underflows, a given number does not,
 * and neither does what is added to one of the same sign.
 */
export function staysAway(node: Node, depth = MOST_DEPTH): boolean {
  const { lo, hi, nonzero } = node.range;
  if (lo > UNDERFLOW || hi < -UNDERFLOW) return true;
  if (!nonzero || depth === 0) return false;
  return STAYS[node.op](node, depth, (arg) => staysAway(arg, depth - 1));
}

type Stays = (node: Node, depth: number, stays: (arg: Node) => boolean) => boolean;
const never: Stays = () => false;
const given: Stays = () => true;
const asArgument: Stays = ({ args }, _, stays) => stays(args[0]!);
/** What is added to something of the same sign does not bring it nearer to 0. */
const asAny: Stays = ({ args }, _, stays) => haveOneSign(args) && args.some(stays);

/** Whether an operator keeps away from 0 what is not 0 over the reals. Unknown is `never`. */
const STAYS: { readonly [K in Op]: Stays } = {
  const: given,
  input: given,
  parameter: given,
  literal: never,
  size: never,
  index: never,
  add: asAny,
  mul: ({ args }, _, stays) => args.every(stays) && args.filter((arg) => !isPlainFactor(arg)).length <= 1,
  pow: (node, depth, stays) => isNumber(node, depth) && stays(node.args[0]!),
  max: asAny,
  min: never,
  exp: never,
  log: never,
  log1p: never,
  expm1: never,
  log1mexp: never,
  abs: asArgument,
  sign: never,
  floor: never,
  round: never,
  sin: never,
  cos: never,
  acos: never,
  atan: never,
  erf: never,
  erfc: never,
  // It is about 0.56 / x.
  erfcx: ({ value }) => value === 0,
  logErfc: never,
  logErfcSlope: never,
  i0: never,
  // It is about 0.4 / sqrt(x).
  i0e: given,
  logI0: never,
  logI0e: never,
  lgamma: never,
  polygamma: never,
  sigmoid: never,
  softplus: never,
  tanh: never,
  relu: never,
  xlogy: never,
  stop: asArgument,
  lt: never,
  le: never,
  eq: never,
  and: never,
  or: never,
  not: never,
  select: never,
  sum: ({ args }, _, stays) => haveOneSign(args) && stays(args[0]!),
  prod: never,
  reduceMax: asArgument,
  reduceMin: asArgument,
  logsumexp: never,
  softmax: never,
  logSoftmax: never,
  at: never,
  rename: asArgument,
};

const haveOneSign = (nodes: readonly Node[]): boolean =>
  nodes.every(({ range }) => range.lo >= 0) || nodes.every(({ range }) => range.hi <= 0);

const isPlainFactor = (node: Node): boolean =>
  node.op === 'const' ? Math.abs(node.value) >= SMALL_FACTOR : isNumber(node);

/** What follows from constants, sizes and parameters alone is worked out in float64. */
export function isNumber(node: Node, depth = MOST_DEPTH): boolean {
  if (node.axes !== 0 || depth === 0) return false;
  if (node.op === 'const' || node.op === 'parameter' || node.op === 'size') return true;
  return (
    (node.op === 'add' || node.op === 'mul' || node.op === 'pow') &&
    node.args.every((arg) => isNumber(arg, depth - 1))
  );
}
