import type { Node } from '../graph/graph.js';

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
  const stays = (arg: Node): boolean => staysAway(arg, depth - 1);
  switch (node.op) {
    case 'const':
    case 'input':
    case 'parameter':
      return true;
    case 'add':
    case 'max':
      return haveOneSign(node.args) && node.args.some(stays);
    case 'sum':
      return haveOneSign(node.args) && stays(node.args[0]!);
    case 'reduceMax':
    case 'reduceMin':
    case 'rename':
    case 'abs':
    case 'stop':
      return stays(node.args[0]!);
    case 'mul':
      return node.args.every(stays) && node.args.filter((arg) => !isPlainFactor(arg)).length <= 1;
    case 'pow':
      return isNumber(node, depth) && stays(node.args[0]!);
    default:
      return false;
  }
}

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
