import { invariant } from '../../grammar/invariant.js';
import type { AxisSet } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';
import { isAlong, isReduction } from '../operators/axis.js';
import { isElementwise } from '../operators/elementwise.js';

/** What the variables of a pattern stand for in a match; variables are numbered by their leaf's position. */
export interface Bindings {
  readonly nodes: (Node | undefined)[];
  /** Variables in the order they were bound, to take back what a failed attempt has bound. */
  readonly trail: number[];
  readonly axes: Map<AxisSet, AxisSet>;
}

export const emptyBindings = (): Bindings => ({ nodes: [], trail: [], axes: new Map() });

/** Matches a whole node; on failure the bindings are as before. */
export function matchNode(pattern: Node, node: Node, bindings: Bindings, b: Builder): boolean {
  if (pattern.op === 'input') return bindVariable(pattern.leaf!.position, node, bindings);
  if (pattern.op !== node.op) return false;
  if (pattern.op === 'const') return pattern.value === node.value;
  // Which derivative of a function it is.
  if (isElementwise(pattern.op) && pattern.value !== node.value) return false;
  if (pattern.axis !== 0 && !bindAxes(pattern.axis, node.axis, bindings)) return false;
  const bound = bindings.trail.length;
  const matched =
    pattern.op === 'add' || pattern.op === 'mul'
      ? matchUnordered(pattern, node, bindings, b)
      : pattern.args.length === node.args.length &&
        pattern.args.every((arg, i) => matchNode(arg, node.args[i]!, bindings, b));
  if (!matched) while (bindings.trail.length > bound) bindings.nodes[bindings.trail.pop()!] = undefined;
  return matched;
}

function bindVariable(variable: number, node: Node, bindings: Bindings): boolean {
  const known = bindings.nodes[variable];
  if (known !== undefined) return known === node;
  bindings.nodes[variable] = node;
  bindings.trail.push(variable);
  return true;
}

function bindAxes(pattern: AxisSet, axes: AxisSet, bindings: Bindings): boolean {
  const known = bindings.axes.get(pattern);
  if (known !== undefined) return known === axes;
  bindings.axes.set(pattern, axes);
  return true;
}

/** A whole sum or product: every argument is used; a variable takes what is left over. */
function matchUnordered(pattern: Node, node: Node, bindings: Bindings, b: Builder): boolean {
  if (node.args.length < pattern.args.length && !pattern.args.some(({ op }) => op === 'input')) return false;
  const variables = pattern.args.filter(
    (arg) => arg.op === 'input' && bindings.nodes[arg.leaf!.position] === undefined,
  );
  const left = [...node.args];
  for (const part of pattern.args) {
    if (variables.includes(part)) continue;
    const i = left.findIndex((arg) => matchNode(part, arg, bindings, b));
    if (i < 0) return false;
    left.splice(i, 1);
  }
  const last = variables.pop();
  for (const variable of variables) {
    const arg = left.shift();
    if (arg === undefined || !bindVariable(variable.leaf!.position, arg, bindings)) return false;
  }
  if (last === undefined) return left.length === 0;
  if (left.length === 0) return false;
  const rest = left.length === 1 ? left[0]! : b.graph.make(pattern.op, left);
  return bindVariable(last.leaf!.position, rest, bindings);
}

/** The right side of a rule with its variables filled in. */
export function instantiate(pattern: Node, bindings: Bindings, b: Builder): Node {
  if (pattern.op === 'input') {
    const node = bindings.nodes[pattern.leaf!.position];
    invariant(node !== undefined, `variable ${pattern.leaf!.name} is bound`);
    return node;
  }
  if (pattern.op === 'const') return b.constant(pattern);
  const args = pattern.args.map((arg) => instantiate(arg, bindings, b));
  const axis = pattern.axis === 0 ? 0 : bindings.axes.get(pattern.axis)!;
  if (pattern.op === 'add') return b.add(args);
  if (pattern.op === 'mul') return b.mul(args);
  if (pattern.op === 'pow') return b.pow(args[0]!, args[1]!);
  if (isElementwise(pattern.op)) return b.apply(pattern.op, args, pattern.value);
  if (isAlong(pattern.op)) return b.along(pattern.op, args[0]!, axis);
  invariant(isReduction(pattern.op), `a pattern has no ${pattern.op}`);
  return b.reduce(pattern.op, args[0]!, axis);
}
