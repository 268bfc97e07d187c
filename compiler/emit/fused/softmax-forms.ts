import { exp } from '../../elementary/exponential.js';
import type { Node } from '../../graph/graph.js';

/** A value by class that follows from the exponentials of a softmax: the share p of an entry, p - 1, or 1 / p up to a bound. */
export type SoftmaxForm =
  | { readonly kind: 'share' | 'share minus 1'; readonly of: Node }
  | { readonly kind: 'inverse share'; readonly of: Node; readonly bound: number };

/** exp and expm1 of a log-softmax, and the guarded inverse, whose exponentials are there already (`isKnown`). */
export function softmaxForm(node: Node, isKnown: (node: Node) => boolean): SoftmaxForm | undefined {
  const isThere = (inner: Node): boolean => inner.op === 'logSoftmax' && isKnown(inner);
  const [inner] = node.args;
  if (inner === undefined) return undefined;
  if (node.op === 'exp' && isThere(inner)) return { kind: 'share', of: inner };
  if (node.op === 'expm1' && isThere(inner)) return { kind: 'share minus 1', of: inner };
  // exp(min(-log p, bound)), the guarded 1 / p.
  if (node.op !== 'exp' || inner.op !== 'min' || inner.args[1]!.op !== 'const') return undefined;
  const [minus, log] = inner.args[0]!.op === 'mul' ? inner.args[0]!.args : [];
  if (log === undefined || !isThere(log) || inner.args[0]!.args.length !== 2) return undefined;
  if (minus!.op !== 'const' || minus!.value !== -1) return undefined;
  return { kind: 'inverse share', of: log, bound: exp(inner.args[1]!.value) };
}
