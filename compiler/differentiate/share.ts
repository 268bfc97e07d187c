import type { Node } from '../graph/graph.js';
import { type Builder, negate } from '../graph/raw.js';
import { times } from './times.js';

/** A node to which an adjoint goes, and what it gets. */
type Contribution = readonly [target: Node, part: Node];

/**
 * What the terms of the divisor get of the adjoint of a share u / (u + v): v / (u + v)^2 for u and -u / (u + v)^2 for v. By the rule for products
 * u gets 1 / (u + v) - u / (u + v)^2, whose digits cancel where v is small. Undefined for what is no share.
 */
export function shareContributions(b: Builder, node: Node, adjoint: Node): Contribution[] | undefined {
  const share = shareOf(b, node);
  if (share === undefined) return undefined;
  const { part, factor, total } = share;
  const others = total.args.filter((term) => term !== part);
  const squared = b.pow(total, b.constant(-2));
  const rest = others.length === 1 ? others[0]! : b.add(others);
  const ofPart = times(b, adjoint, b.mul([factor, rest, squared]));
  const ofOther = negate(b, times(b, adjoint, b.mul([factor, part, squared])));
  return total.args.map((term) => [term, term === part ? ofPart : ofOther] as const);
}

interface Share {
  readonly part: Node;
  /** The node is factor * part / total. */
  readonly factor: Node;
  readonly total: Node;
}

function shareOf(b: Builder, node: Node): Share | undefined {
  if (node.op !== 'mul') return undefined;
  for (const divisor of node.args) {
    const [total, exponent] = divisor.args;
    if (divisor.op !== 'pow' || total!.op !== 'add' || exponent!.op !== 'const' || exponent!.value !== -1)
      continue;
    const [number, whole] = split(b, b.mul(node.args.filter((arg) => arg !== divisor)));
    for (const part of total!.args) {
      const [own, rest] = split(b, part);
      if (rest !== undefined && rest === whole)
        return { part, factor: b.mul([number, b.pow(own, b.constant(-1))]), total: total! };
    }
  }
  return undefined;
}

/** A product as the number in front and the rest. */
function split(b: Builder, node: Node): readonly [Node, Node | undefined] {
  if (node.op === 'const') return [node, undefined];
  const [first, ...others] = node.args;
  if (node.op !== 'mul' || first!.op !== 'const') return [b.constant(1), node];
  return [first!, others.length === 1 ? others[0]! : b.mul(others)];
}
