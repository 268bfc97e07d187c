import type { Decl, LossDecl } from '../../grammar/tree/ast.js';
import { gradientHash, lossHash } from '../canonical/canonical.js';
import { differentiate } from '../differentiate/differentiate.js';
import { type Node, reachable } from '../graph/graph.js';
import { lowerLoss } from '../lower/lower.js';
import type { LoweredLoss } from '../lower/lowered.js';
import { isOutside } from '../operators/domain.js';
import { domainsOf, isElementwise } from '../operators/elementwise.js';
import { takeLogits } from '../passes/logits.js';
import { normalise, simplifyingAlgebra } from '../passes/simplify.js';
import { programOf } from '../resolve/program.js';

/** What can be said of a loss without a number. */
export interface LossAnalysis {
  /** Sentences of the errors of check and lowering; when there are any, the other fields mean nothing. */
  readonly errors: readonly string[];
  /** Equal for losses that the simplifier brings to one form; the same in every process and version of Node. */
  readonly canonicalHash: string;
  /**
   * Hash of the simplified gradient with respect to the first prediction (before softmax or sigmoid, where its domain has one),
   * up to a positive constant factor. Parameters are at their defaults.
   */
  readonly gradientHash: string;
  /** The gradient is not identically zero. */
  readonly predictionMatters: boolean;
  /** The gradient depends on data. */
  readonly targetMatters: boolean;
  /** The value is not a finite number for any legal input. */
  readonly neverFinite: boolean;
}

const NOTHING: LossAnalysis = {
  errors: [],
  canonicalHash: '',
  gradientHash: '',
  predictionMatters: false,
  targetMatters: false,
  neverFinite: false,
};

/** Analyses a loss given as a tree, with the `fn`s and losses it may call. */
export function analyseLoss(decl: LossDecl, library: readonly Decl[] = []): LossAnalysis {
  const { loss, diagnostics } = lowerLoss(programOf([decl], library), decl);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  if (loss === undefined || errors.length > 0) return { ...NOTHING, errors };
  const gradient = gradientFromLogits(loss);
  return {
    errors: [],
    canonicalHash: lossHash(loss),
    gradientHash: gradientHash(loss.graph, gradient),
    predictionMatters: !(gradient.op === 'const' && gradient.value === 0),
    targetMatters: reachable([gradient]).some((node) => node.op === 'input' && node.leaf?.data === true),
    neverFinite: isNeverFinite(loss.value),
  };
}

/** The simplified gradient of the first prediction, from logits, with numbers for the parameters that have one as a default. */
function gradientFromLogits(loss: LoweredLoss): Node {
  const algebra = simplifyingAlgebra(loss.graph);
  const defaults = new Map<Node, Node>();
  for (const { node, default: value } of loss.parameters) {
    if (typeof value === 'number') defaults.set(node, algebra.constant(value));
  }
  const { inputs, value } = takeLogits(loss, true, algebra, defaults);
  const prediction = inputs.find((input) => !input.data)!;
  const [simplified] = normalise(loss.graph, [value]).roots;
  const [gradient] = differentiate(algebra, simplified!, [prediction.node], algebra.constant(1));
  return gradient!;
}

/** Whether some part that is always needed has no value, or an infinite one, whatever the input. */
function isNeverFinite(root: Node): boolean {
  const seen = new Set<Node>([root]);
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (hasNoValue(node)) return true;
    // Of a choice only the condition is always needed; the entries of a look-up may all be outside.
    const needed = node.op === 'select' || node.op === 'at' ? node.args.slice(0, 1) : node.args;
    for (const arg of node.op === 'at' ? node.args.slice(1) : needed) {
      if (seen.has(arg)) continue;
      seen.add(arg);
      stack.push(arg);
    }
  }
  return false;
}

function hasNoValue({ op, args, range: { lo, hi }, value }: Node): boolean {
  if (lo === hi && !Number.isFinite(lo)) return true;
  if (!isElementwise(op)) return false;
  const ranges = args.map((arg) => arg.range);
  const domains = domainsOf(op, ranges, value);
  // Where an argument may be depends on the others: they have to be known.
  const isKnown = (i: number): boolean => ranges.every((other, j) => j === i || other.lo === other.hi);
  return domains.some((domain, i) => isOutside(domain, ranges[i]!) && isKnown(i));
}
