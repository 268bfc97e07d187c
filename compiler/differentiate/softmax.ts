import type { AxisSet } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { type Builder, choose, negate, subtract, sumOver } from '../graph/raw.js';
import { times } from './times.js';

/**
 * The adjoint of the logits of a softmax p whose adjoint is h: p * (h - sum(p * h)). Where one entry holds more than half, the others are
 * compared with it, p * (h' - sum(p * h')) with h' = h minus that of the large entry: what is the same for all entries, or
 * nearly all of what p holds, is no longer there to cancel.
 */
export function softmaxAdjoint(b: Builder, p: Node, h: Node, axis: AxisSet): Node {
  if ((h.axes & axis) === 0) return b.constant(0);
  const large = sumOver(b, choose(b, isLarge(b, p), h, b.constant(0)), axis);
  // A choice stays together, where the simplifier would take a difference apart.
  const beside = choose(b, isLarge(b, p), b.constant(0), subtract(b, h, large));
  return times(b, subtract(b, beside, sumOver(b, times(b, beside, p), axis)), p);
}

/** The one entry, if there is any, that is more than all others together. */
const isLarge = (b: Builder, p: Node): Node => b.apply('lt', [b.constant(0.5), p]);

/**
 * g - p * sum(g), with p = exp(logs), so that digits are kept where p is near 1. What has p as a factor is an adjoint of p. The entries
 * of the rest add up to 0: that of the entry which holds more than half is minus the sum of the others.
 */
export function stableLogSoftmaxAdjoint(b: Builder, logs: Node, adjoint: Node): Node {
  const p = b.apply('exp', [logs]);
  const { axis } = logs;
  const ofProbability: Node[] = [];
  const ofLogarithm: Node[] = [];
  for (const term of adjoint.op === 'add' ? adjoint.args : [adjoint]) {
    const factor = markOf(term, axis) !== undefined ? undefined : besideFactor(b, term, logs, p);
    if (factor === undefined) ofLogarithm.push(term);
    else ofProbability.push(factor);
  }
  if (ofProbability.length === 0) return ofWeights(b, logs, adjoint);
  const part = softmaxAdjoint(b, p, b.add(ofProbability), axis);
  return ofLogarithm.length === 0 ? part : b.add([part, ofWeights(b, logs, b.add(ofLogarithm))]);
}

function ofWeights(b: Builder, logs: Node, g: Node): Node {
  const p = b.apply('exp', [logs]);
  const { axis } = logs;
  const total = sumOver(b, g, axis);
  if (isApart(g, axis)) {
    // Where all is at the entry of a label there is nothing beside it, and no rounding of a difference.
    const others = isAtLabel(g, axis) ? choose(b, g.args[0]!, b.constant(0), total) : subtract(b, total, g);
    return negate(b, b.add([times(b, g, b.apply('expm1', [logs])), times(b, others, p)]));
  }
  const plain = subtract(b, g, times(b, total, p));
  const others = sumOver(b, choose(b, isLarge(b, p), b.constant(0), plain), axis);
  return choose(b, isLarge(b, p), negate(b, others), plain);
}

/** Whether all of a value is at one entry, or given: then 1 - p is the only difference in which digits cancel. */
function isApart(value: Node, axis: AxisSet): boolean {
  const varying = new Set<Node>();
  for (const node of reachable([value]))
    if (node.op === 'input' ? !node.leaf!.data : node.args.some((arg) => varying.has(arg))) varying.add(node);
  const marks = new Set<Node>();
  const is = (node: Node): boolean => {
    if (!varying.has(node)) return true;
    const mark = markOf(node, axis);
    if (mark !== undefined) marks.add(mark);
    if (mark !== undefined) return true;
    if (node.op === 'select') return node.args.slice(1).every(is);
    return (node.op === 'add' || node.op === 'mul') && node.args.every(is);
  };
  return is(value) && marks.size <= 1;
}

const isAtLabel = (value: Node, axis: AxisSet): boolean =>
  value.op === 'select' && markOf(value, axis) === value.args[0];

/** Of a value that is 0 but for one entry along the axis, that of a label: what says which one it is. */
function markOf(node: Node, axis: AxisSet): Node | undefined {
  const { op, args, leaf, range } = node;
  if (op === 'input') return leaf!.data && range.integer && leaf!.simplex?.axis === axis ? node : undefined;
  if (op === 'mul') return args.map((arg) => markOf(arg, axis)).find((mark) => mark !== undefined);
  if (op !== 'select') return undefined;
  const [condition, yes, no] = args;
  const isZero = ({ op, value }: Node): boolean => op === 'const' && value === 0;
  const isHere =
    condition!.op === 'eq' && condition!.args.some((arg) => arg.op === 'index' && arg.axis === axis);
  if (isHere && isZero(no!)) return condition;
  const [first, second] = [yes!, no!].map((part) => (isZero(part) ? undefined : markOf(part, axis)));
  if (isZero(yes!)) return second;
  return isZero(no!) || first === second ? first : undefined;
}

/** What is left of a term without one factor p = exp(logs); undefined if it has none, or if what is left may leave float32. */
function besideFactor(b: Builder, term: Node, logs: Node, p: Node): Node | undefined {
  if (term === p) return b.constant(1);
  const { args } = term;
  switch (term.op) {
    case 'softmax':
      return args[0] === logs.args[0] && term.axis === logs.axis ? b.constant(1) : undefined;
    case 'exp': {
      const rest = withoutOne(b, args[0]!, logs);
      return rest === undefined || rest.range.hi > 0 ? undefined : b.apply('exp', [rest]);
    }
    case 'mul':
      for (const [i, arg] of args.entries()) {
        const factor = besideFactor(b, arg, logs, p);
        if (factor !== undefined) return b.mul(args.toSpliced(i, 1, factor));
      }
      return undefined;
    case 'select': {
      const parts = args.slice(1).map((part) => {
        const isZero = part.op === 'const' && part.value === 0;
        return isZero ? part : besideFactor(b, part, logs, p);
      });
      const [yes, no] = parts;
      return yes === undefined || no === undefined ? undefined : choose(b, args[0]!, yes, no);
    }
    default:
      return undefined;
  }
}

/** An exponent without one `logs`, of which it has at least one. */
function withoutOne(b: Builder, exponent: Node, logs: Node): Node | undefined {
  const terms = exponent.op === 'add' ? exponent.args : [exponent];
  const isMany = ({ op, args: [number, rest] }: Node): boolean =>
    op === 'mul' && number!.op === 'const' && number!.value >= 1 && rest === logs;
  const has = terms.some((term) => term === logs || (term.args.length === 2 && isMany(term)));
  return has ? subtract(b, exponent, logs) : undefined;
}
