/** Which numbers of a formula are fitted: its constants, and a factor of every term of a hole. */
import { printExpr } from '../../grammar/print/print.js';
import type { Expr } from '../../grammar/tree/ast.js';
import { binary, name as nameExpr, num } from '../../grammar/tree/build.js';
import { mapChildren } from '../../grammar/tree/walk.js';
import { domainFor, type SearchSpace } from '../evolve/gp/space.js';
import { childrenOf, constantOf } from '../evolve/gp/tree.js';
import type { Trees } from '../evolve/model/genome.js';

export interface Fitted {
  /** With a name in the place of each coefficient. */
  readonly trees: Trees;
  readonly names: readonly string[];
  readonly starts: Float64Array;
  /** Coefficients that are a factor of a term. */
  readonly factors: readonly number[];
  /** Trees that differ in nothing but their coefficients have one key. */
  readonly key: string;
}

/** No name of a program has parentheses. */
const nameOf = (index: number): string => `(${index})`;

/** A number that is not one of the sketch's own. */
const isFree = (tree: Expr, space: SearchSpace): boolean => {
  const value = constantOf(tree);
  return (
    value !== undefined &&
    domainFor(space, value) !== undefined &&
    !space.leaves.some((leaf) => leaf.kind === 'number' && leaf.value === value)
  );
};

const hasFree = (tree: Expr, space: SearchSpace): boolean =>
  isFree(tree, space) || childrenOf(tree).some((child) => hasFree(child, space));

/** A product that has a free number as a factor needs no other. */
const hasFactor = (tree: Expr, space: SearchSpace): boolean =>
  isFree(tree, space) ||
  (tree.kind === 'binary' &&
    ((tree.op === '*' && (hasFactor(tree.left, space) || hasFactor(tree.right, space))) ||
      (tree.op === '/' && hasFactor(tree.left, space))));

export function withFitted(trees: Trees, space: SearchSpace): Fitted {
  const starts: number[] = [];
  const factors: number[] = [];
  const coefficient = (start: number): Expr => {
    starts.push(start);
    return nameExpr(nameOf(starts.length - 1));
  };
  const inner = (tree: Expr): Expr => {
    if (isFree(tree, space)) return coefficient(constantOf(tree)!);
    // A part without free numbers stays itself: what is known of it is kept.
    return hasFree(tree, space) ? mapChildren(tree, inner) : tree;
  };
  const terms = (tree: Expr): Expr => {
    if (tree.kind === 'binary' && (tree.op === '+' || tree.op === '-'))
      return binary(tree.op, terms(tree.left), terms(tree.right));
    if (hasFactor(tree, space)) return inner(tree);
    factors.push(starts.length);
    return binary('*', coefficient(1), inner(tree));
  };
  const named = trees.map(terms);
  return {
    trees: named,
    names: starts.map((_, i) => nameOf(i)),
    starts: Float64Array.from(starts),
    factors,
    key: trees.map((tree) => termKeys(tree, space).sort().join('+')).join(';'),
  };
}

/** A product with a negative number in front, without its sign. */
function negated(tree: Expr): Expr | undefined {
  if (tree.kind !== 'binary' || tree.op !== '*') return undefined;
  const factor = constantOf(tree.left);
  if (factor === undefined || factor >= 0) return undefined;
  return factor === -1 ? tree.right : binary('*', num(-factor), tree.right);
}

/** The trees with these numbers as coefficients; a factor of 1 is not written, nor a term of which it is 0. */
export function filled({ trees }: Pick<Fitted, 'trees'>, values: Float64Array): Trees {
  const coefficientAt = (tree: Expr): number | undefined =>
    tree.kind === 'name' && tree.name.startsWith('(') ? values[Number(tree.name.slice(1, -1))]! : undefined;
  const fill = (tree: Expr): Expr => {
    const value = coefficientAt(tree);
    if (value !== undefined) return num(value);
    if (childrenOf(tree).length === 0) return tree;
    if (tree.kind === 'binary' && (tree.op === '+' || tree.op === '-')) {
      const [left, right] = [fill(tree.left), fill(tree.right)];
      if (constantOf(right) === 0) return left;
      if (constantOf(left) === 0 && tree.op === '+') return right;
      const turned = negated(right);
      return turned === undefined
        ? binary(tree.op, left, right)
        : binary(tree.op === '+' ? '-' : '+', left, turned);
    }
    if (tree.kind === 'binary' && tree.op === '*') {
      const factor = coefficientAt(tree.left);
      if (factor === 1) return fill(tree.right);
      if (factor === 0) return num(0);
    }
    return mapChildren(tree, fill);
  };
  return trees.map(fill);
}

/** The trees with fitted constants and without the factors of their terms: what is bred. */
export function refitted(
  trees: Trees,
  space: SearchSpace,
  { starts, factors }: Fitted,
  values: Float64Array,
): Trees {
  const constants = [...starts.keys()].filter((at) => !factors.includes(at)).map((at) => values[at]!);
  let next = 0;
  const visit = (tree: Expr): Expr => {
    if (isFree(tree, space)) {
      const value = Number(constants[next++]!.toPrecision(6));
      return Number.isFinite(value) && domainFor(space, value) !== undefined ? num(value) : tree;
    }
    return childrenOf(tree).length === 0 ? tree : mapChildren(tree, visit);
  };
  return trees.map(visit);
}

/** Keys of the terms of a sum, whose signs are in their coefficients. */
function termKeys(tree: Expr, space: SearchSpace): string[] {
  if (tree.kind === 'binary' && (tree.op === '+' || tree.op === '-'))
    return [...termKeys(tree.left, space), ...termKeys(tree.right, space)];
  return [keyOf(tree, space)];
}

/** The tree as text, without its free numbers and with operands of sums and products in one order. */
function keyOf(tree: Expr, space: SearchSpace): string {
  if (isFree(tree, space)) return '#';
  const parts = childrenOf(tree);
  if (parts.length === 0) return printExpr(tree);
  const keys = parts.map((part) => keyOf(part, space));
  if (tree.kind === 'binary') {
    const ordered = tree.op === '+' || tree.op === '*' ? keys.sort() : keys;
    return `(${ordered.join(tree.op)})`;
  }
  return `${tree.kind === 'call' ? tree.callee.name : tree.kind}(${keys.join()})`;
}
