import { invariant } from '../../grammar/invariant.js';
import type { Algebra } from '../algebra/algebra.js';
import { Algebra as AlgebraBuilder } from '../algebra/algebra.js';
import { ONE, type Split, splitCoefficient } from '../algebra/coefficient.js';
import { axisCount } from '../graph/axes.js';
import { type Constant, multiplyConstants } from '../graph/exact.js';
import { Graph, type Leaf, type Node, type Op, reachable } from '../graph/graph.js';
import { RawBuilder } from '../graph/raw.js';
import { type Bindings, emptyBindings, instantiate, matchNode } from './match.js';
import { PatternReader } from './pattern.js';
import { NEEDS, type Need, type Rule } from './rule.js';

/** A rule whose sides have been read. */
interface Compiled {
  readonly rule: Rule;
  readonly from: Node;
  readonly to: Node;
  readonly needs: readonly { readonly variable: number; readonly need: Need }[];
  /** The right side has a softmax, which is along one axis, where a reduction may be over several. */
  readonly oneAxis: boolean;
  /** Of a sum or product: the operators that some of its arguments must have, one bit each. */
  readonly mask: number;
  /** For a sum: its terms as coefficient and rest (none for the constant), the most telling first. */
  readonly terms: readonly { readonly coefficient: Constant; readonly rest: Node | undefined }[];
}

/** Rules by the operator at the root of their left side. */
export class RuleSet {
  readonly #byRoot = new Map<Op, Compiled[]>();
  /** The bit of each operator that a rule for a sum or a product looks for: most nodes have none of them. */
  readonly #bits = new Map<Op, number>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const compiled = compileRule(rule, (op) => this.#bit(op));
      const known = this.#byRoot.get(compiled.from.op);
      if (known === undefined) this.#byRoot.set(compiled.from.op, [compiled]);
      else known.push(compiled);
    }
  }

  /** The node that the first rule that fits makes of it; undefined when none fits. */
  apply(node: Node, algebra: Algebra): Node | undefined {
    const rules = this.#byRoot.get(node.op);
    if (rules === undefined) return undefined;
    const mask = node.op === 'add' || node.op === 'mul' ? this.#maskOf(node) : -1;
    for (const compiled of rules) {
      if ((compiled.mask & ~mask) !== 0) continue;
      const result =
        node.op === 'add'
          ? applyToSum(compiled, node, algebra)
          : node.op === 'mul'
            ? applyToProduct(compiled, node, algebra)
            : applyToNode(compiled, node, algebra);
      if (result === undefined || result === node) continue;
      algebra.fired.set(compiled.rule.name, (algebra.fired.get(compiled.rule.name) ?? 0) + 1);
      return result;
    }
    return undefined;
  }

  #bit(op: Op): number {
    let bit = this.#bits.get(op);
    if (bit === undefined) {
      // Operators beyond the bits of an integer are not looked for.
      bit = this.#bits.size < 31 ? 1 << this.#bits.size : 0;
      this.#bits.set(op, bit);
    }
    return bit;
  }

  #maskOf(node: Node): number {
    let mask = 0;
    for (const arg of node.args) mask |= this.#bits.get(node.op === 'add' ? restOp(arg) : arg.op) ?? 0;
    return mask;
  }
}

/** Reads both sides in the normal form of sums and products, so that patterns look like the nodes they meet. */
function compileRule(rule: Rule, bitOf: (op: Op) => number): Compiled {
  const graph = new Graph();
  const algebra = new AlgebraBuilder(graph, NO_RULES);
  const reader = new PatternReader(algebra);
  reader.declareAxes(rule.from);
  const whole = reader.read(rule.from);
  // A sum keeps its sign or common number outside: match the sum, and divide the other side.
  const split = splitCoefficient(algebra, whole);
  const from = split.rest?.op === 'add' ? split.rest : whole;
  const raw = new RawBuilder(graph);
  const right = reader.with(raw).read(rule.to);
  const to = from === whole ? right : raw.mul([raw.constant(quotient(ONE, split.coefficient)), right]);
  const named = new Map(variablesOf(from).map(({ name, position }) => [name, position]));
  for (const { name } of variablesOf(to))
    invariant(named.has(name), `${rule.name}: ${name} is not on the left side`);
  const needs = Object.entries(rule.needs ?? {}).map(([name, need]) => {
    const variable = named.get(name);
    invariant(variable !== undefined, `${rule.name}: needs unknown ${name}`);
    return { variable, need };
  });
  const terms = from.op === 'add' ? from.args.map((arg) => splitCoefficient(algebra, arg)) : [];
  const telling = (rest: Node | undefined): number =>
    rest === undefined ? 1 : rest.op === 'input' ? 0 : 1 + rest.weight;
  const oneAxis = reachable([to]).some(({ op }) => op === 'softmax' || op === 'logSoftmax');
  terms.sort((a, b) => telling(b.rest) - telling(a.rest));
  const wanted =
    from.op === 'add'
      ? terms.map(({ rest }) => rest?.op)
      : from.op === 'mul'
        ? from.args.map(({ op }) => op)
        : [];
  const mask = wanted.reduce((bits, op) => bits | (op === undefined || op === 'input' ? 0 : bitOf(op)), 0);
  return { rule, from, to, needs, oneAxis, mask, terms };
}

function variablesOf(node: Node): Leaf[] {
  return node.op === 'input' ? [node.leaf!] : node.args.flatMap(variablesOf);
}

function needsAreMet({ needs, oneAxis }: Compiled, bindings: Bindings): boolean {
  if (oneAxis) for (const axes of bindings.axes.values()) if (axisCount(axes) !== 1) return false;
  return needs.every(({ variable, need }) => NEEDS[need](bindings.nodes[variable]!));
}

function applyToNode(compiled: Compiled, node: Node, algebra: Algebra): Node | undefined {
  const bindings = emptyBindings();
  if (!matchNode(compiled.from, node, bindings, algebra) || !needsAreMet(compiled, bindings))
    return undefined;
  return instantiate(compiled.to, bindings, algebra);
}

/** Some of the factors match; the others stay. */
function applyToProduct(compiled: Compiled, node: Node, algebra: Algebra): Node | undefined {
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
function applyToSum(compiled: Compiled, node: Node, algebra: Algebra): Node | undefined {
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
    const scale = quotient(coefficient, lead.coefficient);
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
function restOp(term: Node): Op {
  if (term.op !== 'mul' || term.args[0]!.op !== 'const') return term.op;
  return term.args.length === 2 ? term.args[1]!.op : 'mul';
}

function matchOthers(
  compiled: Compiled,
  scale: Constant,
  terms: readonly Split[],
  anchor: Split,
  bindings: Bindings,
  algebra: Algebra,
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
  algebra: Algebra,
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

function quotient(a: Constant, b: Constant): Constant {
  if (b.value === 1) return a;
  if (b.exact === undefined) return { value: a.value / b.value, exact: undefined };
  const sign = b.exact.n < 0 ? -1 : 1;
  return multiplyConstants(a, { value: 1 / b.value, exact: { n: sign * b.exact.d, d: Math.abs(b.exact.n) } });
}

/** For the structure alone. */
export const NO_RULES = new RuleSet([]);
