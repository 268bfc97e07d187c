import { type Split, splitCoefficient } from '../algebra/coefficient.js';
import type { Simplifier } from '../algebra/simplifier.js';
import { axisCount } from '../graph/axes.js';
import { type Constant, divideConstants, multiplyConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import type { Op } from '../operators/order.js';
import { type Bindings, emptyBindings, instantiate, matchNode } from './match.js';
import { NEEDS, type Need, type Rule } from './rule.js';

/** A rule whose sides have been read. */
export interface Compiled {
  readonly rule: Rule;
  readonly from: Node;
  readonly to: Node;
  readonly needs: readonly { readonly variable: number; readonly need: Need }[];
  /** The right side has an operator that is along one axis, as softmax is, where a reduction may be over several. */
  readonly oneAxis: boolean;
  /** Of a sum or product: the operators that some of its arguments must have, one bit each. */
  readonly mask: number;
  /** For a sum: its terms as coefficient and rest (none for the constant), the most telling first. */
  readonly terms: readonly { readonly coefficient: Constant; readonly rest: Node | undefined }[];
}

function needsAreMet({ needs, oneAxis }: Compiled, bindings: Bindings): boolean {
  if (oneAxis) for (const axes of bindings.axes.values()) if (axisCount(axes) !== 1) return false;
  return needs.every(({ variable, need }) => NEEDS[need](bindings.nodes[variable]!));
}

/** The whole node matches. */
export function applyToNode(compiled: Compiled, node: Node, algebra: Simplifier): Node | undefined {
  const bindings = emptyBindings();
  if (!matchNode(compiled.from, node, bindings, algebra) || !needsAreMet(compiled, bindings))
    return undefined;
  return instantiate(compiled.to, bindings, algebra);
}

/** Some of the factors match; the others stay. */
export function applyToProduct(compiled: Compiled, node: Node, algebra: Simplifier): Node | undefined {
  if (node.args.length < compiled.from.args.length) return undefined;
  const bindings = emptyBindings();
  const left = [...node.args];
  for (const part of compiled.from.args) {
    const i = left.findIndex((arg) => matchNode(part, arg, bindings, algebra));
    if (i < 0) return undefined;
    left.splice(i, 1);
  }
  if (!needsAreMet(compiled, bindings)) return undefined;
  return algebra.mul([...left, instantiate(compiled.to, bindings, algebra)]);
}

/** Most terms of a sum that a rule is tried on: a sum of 100,000 softplus terms is not searched for pairs. */
const MAX_ANCHORS = 32;

/** Some of the terms match, all with one common coefficient; the others stay. */
export function applyToSum(compiled: Compiled, node: Node, algebra: Simplifier): Node | undefined {
  const lead = compiled.terms[0]!;
  if (lead.rest === undefined || node.args.length < compiled.terms.length) return undefined;
  const { op } = lead.rest;
  let terms: Split[] | undefined;
  let tried = 0;
  for (const [k, arg] of node.args.entries()) {
    if (restOp(arg) !== op || ++tried > MAX_ANCHORS) continue;
    const { coefficient, rest } = splitCoefficient(algebra, arg);
    const bindings = emptyBindings();
    if (rest === undefined || !matchNode(lead.rest, rest, bindings, algebra)) continue;
    terms ??= node.args.map((term) => splitCoefficient(algebra, term));
    const scale = divideConstants(coefficient, lead.coefficient);
    const left = matchOthers(compiled, scale, terms, terms[k]!, bindings, algebra);
    if (left === undefined || !needsAreMet(compiled, bindings)) continue;
    const replacement = algebra.mul([algebra.constant(scale), instantiate(compiled.to, bindings, algebra)]);
    const others = left.map((term) =>
      algebra.mul([algebra.constant(term.coefficient), ...(term.rest === undefined ? [] : [term.rest])]),
    );
    return algebra.add([...others, replacement]);
  }
  return undefined;
}

/** The operator of a term without its number. */
export function restOp(term: Node): Op {
  if (term.op !== 'mul' || term.args[0]!.op !== 'const') return term.op;
  return term.args.length === 2 ? term.args[1]!.op : 'mul';
}

function matchOthers(
  compiled: Compiled,
  scale: Constant,
  terms: readonly Split[],
  anchor: Split,
  bindings: Bindings,
  algebra: Simplifier,
): readonly Split[] | undefined {
  let left = terms.filter((term) => term !== anchor);
  for (const part of compiled.terms.slice(1)) {
    const wanted = multiplyConstants(scale, part.coefficient);
    const rest = without(left, part.rest, wanted, bindings, algebra);
    if (rest === undefined) return undefined;
    left = rest;
  }
  return left;
}

/** The terms without the one that a part of the pattern matches, or without those that a variable stands for when it is a sum. */
function without(
  terms: readonly Split[],
  part: Node | undefined,
  wanted: Constant,
  bindings: Bindings,
  algebra: Simplifier,
): Split[] | undefined {
  const bound = part?.op === 'input' ? bindings.nodes[part.leaf!.position] : undefined;
  if (bound === undefined) {
    const i = terms.findIndex(
      (term) =>
        term.coefficient.value === wanted.value &&
        (part === undefined
          ? term.rest === undefined
          : term.rest !== undefined && matchNode(part, term.rest, bindings, algebra)),
    );
    return i < 0 ? undefined : terms.toSpliced(i, 1);
  }
  const left = [...terms];
  for (const term of bound.op === 'add' ? bound.args : [bound]) {
    const { coefficient, rest } = splitCoefficient(algebra, term);
    const value = multiplyConstants(wanted, coefficient).value;
    const i = left.findIndex((other) => other.rest === rest && other.coefficient.value === value);
    if (i < 0) return undefined;
    left.splice(i, 1);
  }
  return left;
}
