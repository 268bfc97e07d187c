import type { AxisSet } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { isSimplex } from '../graph/node-range.js';
import { staysAway } from '../guard/underflow.js';
import { operatorsThat } from '../operators/traits.js';

/** exp of more than this leaves float32, in both directions. */
const MOST = 80;
/** erfc of more than this does so, too. */
const MOST_TAIL = 9;
/** How deep an expression is looked into. What is deeper counts as safe. */
const MOST_DEPTH = 12;
/** A probability that may be smaller than this may vanish in a product. */
const SMALL = 1e-10;

/** Whether float32 holds a value to nearly its last digit on legal inputs. */
export const isSafe = (node: Node): boolean => staysInside(node) && !cancels(node);

/** Whether a value neither underflows nor overflows on legal inputs of ordinary size, among which are the smallest probabilities. */
export const staysInside = (node: Node): boolean =>
  !vanishes(node, MOST_DEPTH) && !overflows(node, MOST_DEPTH);

/** Whether a value that is not 0 may be 0 in float32. */
export const mayVanish = (node: Node): boolean => vanishes(node, MOST_DEPTH);

/** Whether a value may be larger than what float32 holds. */
export const mayOverflow = (node: Node): boolean => overflows(node, MOST_DEPTH);

/** Whether a value that is not 0 may be 0 in float32. A sum of two signs is not looked into: it may be 0 anyway. */
function vanishes(node: Node, depth: number): boolean {
  if (depth === 0 || staysAway(node)) return false;
  const { args } = node;
  const [x] = args;
  const does = (arg: Node): boolean => vanishes(arg, depth - 1);
  switch (node.op) {
    case 'exp':
    case 'sigmoid':
    case 'softplus':
      return x!.range.lo < -MOST;
    case 'erfc':
      return x!.range.hi > MOST_TAIL;
    case 'softmax':
    case 'prod':
      return true;
    case 'add':
      return hasOneSign(args) && args.some(does) && args.every((arg) => does(arg) || mayBeZero(arg));
    case 'sum':
      return !isPowerOfSoftmax(x!, node.axis) && does(x!);
    case 'mul':
      return args.some(does) || args.filter(mayBeSmall).length > 1;
    case 'pow':
      return does(x!) || (mayBeSmall(x!) && args[1]!.range.hi > 1);
    case 'select':
      return args.slice(1).some(does);
    case 'logSoftmax':
    case 'logsumexp':
      return false;
    default:
      return args.some(does);
  }
}

/** A probability, however small it may be. Other inputs, and how many entries there are, are of ordinary size. */
const mayBeSmall = ({ op, args, range }: Node): boolean =>
  range.lo >= 0 &&
  range.lo < SMALL &&
  range.hi <= 1 &&
  !range.integer &&
  !(op === 'pow' && args[0]!.op === 'size');

/** An input, or a multiple of one. */
function mayBeZero({ op, args, range }: Node): boolean {
  if (op === 'mul') return args.length === 2 && args[0]!.op === 'const' && mayBeZero(args[1]!);
  return op === 'input' && range.lo <= 0 && !range.nonzero;
}

/** The largest probability of a softmax is at least 1 over their number. */
function isPowerOfSoftmax(node: Node, axis: AxisSet): boolean {
  if (isSimplex(node, axis)) return true;
  if (node.op === 'pow') return isSimplex(node.args[0]!, axis);
  const exponent = node.op === 'exp' ? node.args[0]! : undefined;
  const logs = exponent?.op === 'mul' && exponent.args.length === 2 ? exponent.args[1]! : exponent;
  return logs?.op === 'logSoftmax' && logs.axis === axis && exponent!.range.hi <= 0;
}

function overflows(node: Node, depth: number): boolean {
  if (depth === 0 || (node.range.lo >= -1e30 && node.range.hi <= 1e30)) return false;
  const { op, args } = node;
  if (op === 'exp' || op === 'expm1') return args[0]!.range.hi > MOST;
  if (op === 'i0') return Math.max(args[0]!.range.hi, -args[0]!.range.lo) > MOST;
  if (op === 'softplus' || op === 'logsumexp' || op === 'logSoftmax') return false;
  if (op === 'pow' && args[1]!.range.lo < 0 && vanishes(args[0]!, depth)) return true;
  return args.some((arg) => overflows(arg, depth - 1));
}

const PASSING = operatorsThat('passes errors');

/** Whether a value is, or is made of, a difference of what was rounded. Inputs and parameters are as exact as they are given. */
function cancels({ op, args }: Node, depth = MOST_DEPTH): boolean {
  if (depth === 0 || !PASSING.has(op)) return false;
  if (op === 'add' && !hasOneSign(args) && !args.every(isExact)) return true;
  return args.some((arg) => cancels(arg, depth - 1));
}

/** Whether a value comes so near to 1 or to 0 that its logarithm needs to know how near. */
export function saturates({ op, args, value }: Node, depth = MOST_DEPTH): boolean {
  if (op === 'tanh' || op === 'erf' || (op === 'logI0' && value === 1)) return true;
  if (depth === 0 || !PASSING.has(op) || op === 'add') return false;
  return args.some((arg) => saturates(arg, depth - 1));
}

const KNOWING = operatorsThat('passes zeros');

/**
 * Whether a value may be an exact 0 of which its logarithm does not know, for it is a guarded one: by what labels and masks say it does.
 * `byInput`: also because a prediction is 0.
 */
export function mayHideZero({ op, args, range, leaf }: Node, byInput: boolean, depth = MOST_DEPTH): boolean {
  if (range.nonzero || op === 'const') return false;
  if (op === 'input') return byInput && !leaf!.data;
  const parts = op === 'select' ? args.slice(1) : args;
  return depth === 0 || !KNOWING.has(op) || parts.some((part) => mayHideZero(part, byInput, depth - 1));
}

const hasOneSign = (args: readonly Node[]): boolean =>
  args.every(({ range }) => range.lo >= 0) || args.every(({ range }) => range.hi <= 0);

/** What is given, with a sign or a number in front. */
function isExact(node: Node): boolean {
  if (node.op === 'mul')
    return node.args.length === 2 && node.args[0]!.op === 'const' && isExact(node.args[1]!);
  return node.args.length === 0 || (node.op === 'rename' && isExact(node.args[0]!));
}
