import type { Node } from '../graph/graph.js';
import { type ConditionOp, elementwise, isElementwise } from '../operators/elementwise.js';
import type { Range } from '../operators/range.js';
import { splitCoefficient } from './coefficient.js';
import type { Simplifier } from './simplifier.js';

const truth = (algebra: Simplifier, value: boolean): Node => algebra.constant(value ? 1 : 0);
const isTrue = (node: Node): boolean => node.op === 'const' && node.value !== 0;
const isFalse = (node: Node): boolean => node.op === 'const' && node.value === 0;
const isConstant = (r: Range): boolean => r.lo === r.hi;

/** How deep an expression of numbers is looked into. */
const MOST_DEPTH = 8;

/** The value of an expression of written numbers, where it has one. */
function numberOf(node: Node, depth = MOST_DEPTH): number | undefined {
  if (node.op === 'const') return node.value;
  if (node.axes !== 0 || depth === 0 || node.args.length === 0 || !isElementwise(node.op)) return undefined;
  const args = node.args.map((arg) => numberOf(arg, depth - 1));
  if (!args.every((arg) => arg !== undefined)) return undefined;
  const value = elementwise(node.op).evaluate(args, node.value);
  return Number.isFinite(value) ? value : undefined;
}

/** What a comparison of written numbers is, `cos(1) < 0` too: nothing that runs the loss has to choose between a number and a tensor. */
function decided(algebra: Simplifier, op: 'lt' | 'le' | 'eq', [x, y]: readonly Node[]): Node | undefined {
  const [left, right] = [numberOf(x!), numberOf(y!)];
  if (left === undefined || right === undefined) return undefined;
  return truth(algebra, elementwise(op).evaluate([left, right], 0) !== 0);
}

type Normal = (algebra: Simplifier, args: readonly Node[]) => Node | undefined;

/** Normal forms of conditions: what bounds decide is decided; undefined means that nothing simpler is known. */
export const CONDITION_FORMS: { readonly [K in ConditionOp]: Normal } = {
  lt: (algebra, [x, y]) => {
    if (x!.range.total && y!.range.total) {
      if (x!.range.hi < y!.range.lo) return truth(algebra, true);
      if (x!.range.lo >= y!.range.hi) return truth(algebra, false);
    }
    return x === y ? truth(algebra, false) : decided(algebra, 'lt', [x!, y!]);
  },
  le: (algebra, [x, y]) => {
    if (!x!.range.total || !y!.range.total) return undefined;
    if (x === y || x!.range.hi <= y!.range.lo) return truth(algebra, true);
    return x!.range.lo > y!.range.hi ? truth(algebra, false) : decided(algebra, 'le', [x!, y!]);
  },
  eq: (algebra, [x, y]) => {
    if (x!.range.total && y!.range.total) {
      if (x === y) return truth(algebra, true);
      if (x!.range.hi < y!.range.lo || x!.range.lo > y!.range.hi) return truth(algebra, false);
      if (isConstant(x!.range) && isConstant(y!.range) && x!.range.lo === y!.range.lo)
        return truth(algebra, true);
    }
    return decided(algebra, 'eq', [x!, y!]);
  },
  and: (algebra, [x, y]) => {
    if (isFalse(x!) || isFalse(y!)) return truth(algebra, false);
    if (isTrue(x!) || x === y) return y;
    return isTrue(y!) ? x : undefined;
  },
  or: (algebra, [x, y]) => {
    if (isTrue(x!) || isTrue(y!)) return truth(algebra, true);
    if (isFalse(x!) || x === y) return y;
    return isFalse(y!) ? x : undefined;
  },
  not: (algebra, [x]) => {
    if (x!.op === 'const') return truth(algebra, isFalse(x!));
    return x!.op === 'not' ? x!.args[0] : undefined;
  },
};

/** The normal form of a choice: one branch when the condition is decided or the branches agree. */
export function normalSelect(algebra: Simplifier, args: readonly Node[]): Node {
  const [condition, yes, no] = [args[0]!, args[1]!, args[2]!];
  if (isTrue(condition) || yes === no) return yes;
  if (isFalse(condition)) return no;
  if (condition.op === 'not') return algebra.apply('select', [condition.args[0]!, no, yes]);
  // Under the condition an inner choice by the same condition is decided.
  if (yes.op === 'select' && yes.args[0] === condition)
    return algebra.apply('select', [condition, yes.args[1]!, no]);
  if (no.op === 'select' && no.args[0] === condition)
    return algebra.apply('select', [condition, yes, no.args[2]!]);
  return numberOutside(algebra, condition, yes, no) ?? algebra.rewritten(algebra.graph.make('select', args));
}

const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;

/** if c then 2 * x else 0 is 2 * (if c then x else 0), as terms of sums carry their numbers. */
function numberOutside(algebra: Simplifier, condition: Node, yes: Node, no: Node): Node | undefined {
  const other = isZero(no) ? yes : isZero(yes) ? no : undefined;
  if (other === undefined) return undefined;
  const { coefficient, rest } = splitCoefficient(algebra, other);
  if (rest === undefined || coefficient.value === 1 || coefficient.value === 0) return undefined;
  const branches = other === yes ? [rest, no] : [yes, rest];
  return algebra.mul([algebra.constant(coefficient), algebra.apply('select', [condition, ...branches])]);
}
