import { invariant } from '../../grammar/invariant.js';
import { Algebra } from '../algebra/algebra.js';
import { ONE, splitCoefficient } from '../algebra/coefficient.js';
import type { Rules, Simplifier } from '../algebra/simplifier.js';
import { divideConstants } from '../graph/exact.js';
import { Graph, type Leaf, type Node, reachable } from '../graph/graph.js';
import { RawBuilder } from '../graph/raw.js';
import { isAlong } from '../operators/axis.js';
import { isElementwise } from '../operators/elementwise.js';
import type { Op } from '../operators/order.js';
import { findFunction } from '../resolve/functions.js';
import { applyToNode, applyToProduct, applyToSum, type Compiled, restOp } from './apply.js';
import { bitOf, operatorsBelow } from './below.js';
import { calledIn } from './called.js';
import { PatternReader } from './pattern.js';
import type { Rule } from './rule.js';

/** A rule that is read when a node could match it. */
class LazyRule {
  /** The operators of the functions that its left side names, as `operatorsBelow` has them. */
  readonly below: number;
  /** Operators that can be at the root of its left side. */
  readonly roots: readonly Op[];
  #compiled: Compiled | undefined;

  constructor(private readonly rule: Rule) {
    const { names, isOneCall } = calledIn(rule.from);
    const called = names.flatMap((name) => operatorOf(name) ?? []);
    this.below = called.reduce((bits, op) => bits | bitOf(op), 0);
    const root = isOneCall ? called[0] : undefined;
    this.roots = root === undefined ? INFIX_ROOTS : [root];
  }

  read(maskBit: (op: Op) => number): Compiled {
    this.#compiled ??= this.#checked(compileRule(this.rule, maskBit));
    return this.#compiled;
  }

  #checked(compiled: Compiled): Compiled {
    const { name } = this.rule;
    invariant(this.roots.includes(compiled.from.op), `${name}: the root is not what its text shows`);
    invariant(
      (this.below & ~operatorsBelow(compiled.from)) === 0,
      `${name}: a function of its text is gone from its left side`,
    );
    return compiled;
  }
}

/** What stands at the root of an expression with infix operators. */
const INFIX_ROOTS: readonly Op[] = ['add', 'mul', 'pow'];

function operatorOf(name: string): Op | undefined {
  const row = findFunction(name);
  // The rules name operators that the language has no name for, too.
  if (row === undefined) return isElementwise(name) ? name : undefined;
  return row.op === 'mean' ? undefined : row.op;
}

/** Rules by the operator at the root of their left side. Reading all of them takes longer than checking a small file. */
export class RuleSet implements Rules {
  readonly #byRoot = new Map<Op, LazyRule[]>();
  /** The bit of each operator that a rule for a sum or a product looks for: most nodes have none of them. */
  readonly #bits = new Map<Op, number>();

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const lazy = new LazyRule(rule);
      for (const root of lazy.roots) {
        const known = this.#byRoot.get(root);
        if (known === undefined) this.#byRoot.set(root, [lazy]);
        else known.push(lazy);
      }
    }
  }

  /** The node that the first rule that fits makes of it; undefined when none fits. */
  apply(node: Node, algebra: Simplifier): Node | undefined {
    const rules = this.#byRoot.get(node.op);
    if (rules === undefined) return undefined;
    const below = operatorsBelow(node);
    const possible = rules.filter((rule) => (rule.below & ~below) === 0);
    if (possible.length === 0) return undefined;
    // Reading a rule may add a bit, so all are read before the mask is taken.
    const compiled = possible.map((rule) => rule.read(this.#bit)).filter(({ from }) => from.op === node.op);
    const mask = node.op === 'add' || node.op === 'mul' ? this.#maskOf(node) : -1;
    for (const rule of compiled) {
      if ((rule.mask & ~mask) !== 0) continue;
      const result =
        node.op === 'add'
          ? applyToSum(rule, node, algebra)
          : node.op === 'mul'
            ? applyToProduct(rule, node, algebra)
            : applyToNode(rule, node, algebra);
      if (result === undefined || result === node) continue;
      algebra.fired.set(rule.rule.name, (algebra.fired.get(rule.rule.name) ?? 0) + 1);
      return result;
    }
    return undefined;
  }

  readonly #bit = (op: Op): number => {
    let bit = this.#bits.get(op);
    if (bit === undefined) {
      // Operators beyond the bits of an integer are not looked for.
      bit = this.#bits.size < 31 ? 1 << this.#bits.size : 0;
      this.#bits.set(op, bit);
    }
    return bit;
  };

  #maskOf(node: Node): number {
    let mask = 0;
    for (const arg of node.args) mask |= this.#bits.get(node.op === 'add' ? restOp(arg) : arg.op) ?? 0;
    return mask;
  }
}

/** Reads both sides in the normal form of sums and products, so that patterns look like the nodes they meet. */
function compileRule(rule: Rule, bitOf: (op: Op) => number): Compiled {
  const graph = new Graph();
  const algebra = new Algebra(graph, NO_RULES);
  const reader = new PatternReader(algebra);
  const whole = reader.readFirst(rule.from);
  // A sum keeps its sign or common number outside: match the sum, and divide the other side.
  const split = splitCoefficient(algebra, whole);
  const from = split.rest?.op === 'add' ? split.rest : whole;
  const raw = new RawBuilder(graph);
  const right = reader.with(raw).read(rule.to);
  const to = from === whole ? right : raw.mul([raw.constant(divideConstants(ONE, split.coefficient)), right]);
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
  const oneAxis = reachable([to]).some(({ op }) => isAlong(op));
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

/** For the structure alone. */
const NO_RULES = new RuleSet([]);
