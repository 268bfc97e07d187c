/**
 * Finds the trees that make a sketch equal to a loss that a person knows, so that the search may begin with it. The
 * match is by structure, with the freedom that does not change what the loss teaches: names, signs, `sum` for `mean`
 * (a positive factor), and a loss of the target's probability alone, which for a one-hot target may be moved under a sum.
 */
import { rolesOf } from '../../../compiler/lower/roles.js';
import type { Expr, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { binary, minus, name as nameExpr, num } from '../../../grammar/tree/build.js';
import { equalTrees, rewrite, visit } from '../../../grammar/tree/walk.js';
import type { Trees } from '../model/genome.js';
import { type Missing, missingFor } from './limits.js';
import { missingRoles } from './repair.js';
import { holesIn, operatorTree, type SearchSpace } from './space.js';
import { inTermsOf } from './spread.js';
import { constantOf, sitesOf } from './tree.js';

export type SeedMatch =
  | {
      readonly trees: Trees;
      /** False where the match holds up to a positive factor. */
      readonly exact: boolean;
      /** What the sketch would have to have for them. */
      readonly missing: Missing;
    }
  | { readonly problem: string };

/** The genome that makes the sketch the given loss. `spell` writes a tree in the functions of the sketch. */
export function matchSeed(
  sketch: SketchDecl,
  loss: LossDecl,
  space: SearchSpace,
  spell: (tree: Expr) => Expr = (tree) => tree,
): SeedMatch {
  const renamed = alignNames(sketch, loss);
  if (typeof renamed === 'string') return { problem: renamed };
  const pattern = inlineLets(sketch.body.lets, sketch.body.result);
  const exact = unify(pattern, renamed);
  const loose = exact ?? (holesIn(sketch).length === 1 ? unifyReduced(pattern, renamed, sketch) : undefined);
  const form = { problem: 'its body does not have the form of the sketch' };
  if (loose === undefined) return form;
  const named = letsByName(sketch, space);
  const trees = loose.map((tree) => intoSpace(spell(named(tree)), space));
  if (!trees.every((tree) => isTree(tree, axesOf(sketch)))) return form;
  const lost = missingRoles(trees, space);
  if (lost.length > 0) return { problem: `it does not use the ${lost[0]!.role}` };
  return { trees, exact: exact !== undefined, missing: missingFor(trees, space) };
}

const axesOf = ({ inputs, parameters }: SketchDecl): ReadonlySet<string> =>
  new Set(
    [...inputs, ...parameters].flatMap(({ domain }) =>
      (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : [])),
    ),
  );

/** Arithmetic and functions of values; no choice, and nothing that names an axis. */
function isTree(tree: Expr, axes: ReadonlySet<string>): boolean {
  return sitesOf(tree).every(({ node }) => {
    if (node.kind === 'name') return !axes.has(node.name) && node.name !== 'batch';
    if (node.kind === 'binary') return /^[-+*/^]$/.test(node.op);
    if (node.kind === 'call') return node.where === undefined && node.names.length === 0;
    return constantOf(node) !== undefined;
  });
}

/** Names of lets that are leaves, in place of what they stand for. */
function letsByName({ body: { lets } }: SketchDecl, space: SearchSpace): (tree: Expr) => Expr {
  const leaves = lets
    .filter(({ name }) => space.leaves.some((leaf) => leaf.kind === 'name' && leaf.name === name.name))
    .map(({ name, value }) => ({ name: name.name, value: inlineLets(lets, value) }));
  return (tree) =>
    rewrite(tree, (node) => {
      const found = leaves.find(({ value }) => equalTrees(value, node));
      return found === undefined ? node : nameExpr(found.name);
    });
}

/** The body of the loss with the sketch's names: inputs and axes by role and position, parameters by their defaults. */
function alignNames(sketch: SketchDecl, loss: LossDecl): Expr | string {
  const names = new Map<string, Expr>();
  const [ours, others] = [rolesOf(loss.inputs), rolesOf(sketch.inputs)];
  for (const data of [true, false]) {
    const mine = loss.inputs.filter((_, i) => (ours[i] !== 'prediction') === data);
    const theirs = sketch.inputs.filter((_, i) => (others[i] !== 'prediction') === data);
    if (mine.length !== theirs.length) return 'its inputs differ from those of the sketch';
    for (const [i, input] of mine.entries()) {
      names.set(input.name.name, inTermsOf(theirs[i]!.name.name, input.name.name));
      const axes = theirs[i]!.domain?.axes?.filter((axis) => axis.kind === 'axis') ?? [];
      for (const [k, axis] of (input.domain?.axes?.filter((a) => a.kind === 'axis') ?? []).entries()) {
        if (axes[k] !== undefined) names.set(axis.name.name, nameExpr(axes[k].name.name));
      }
    }
  }
  const known = new Set(sketch.parameters.map((parameter) => parameter.name.name));
  for (const { name, default: value } of loss.parameters) {
    if (known.has(name.name)) continue;
    if (value === undefined || value.kind === 'list')
      return `its parameter ${name.name} has no single default`;
    names.set(name.name, value);
  }
  const body = inlineLets(loss.body.lets, loss.body.result);
  return rewrite(body, (node) => (node.kind === 'name' ? (names.get(node.name) ?? node) : node));
}

function inlineLets(lets: LossDecl['body']['lets'], result: Expr): Expr {
  const values = new Map<string, Expr>();
  const inline = (expression: Expr): Expr =>
    rewrite(expression, (node) => (node.kind === 'name' ? (values.get(node.name) ?? node) : node));
  for (const item of lets) values.set(item.name.name, inline(item.value));
  return inline(result);
}

/** What the holes of a pattern must be for it to equal the tree, in source order. */
function unify(pattern: Expr, tree: Expr): Expr[] | undefined {
  if (pattern.kind === 'hole') return [tree];
  if (holeFree(pattern)) return equalTrees(pattern, tree) ? [] : undefined;
  if (pattern.kind === 'unary' && tree.kind === 'unary' && pattern.op === tree.op) {
    return unify(pattern.operand, tree.operand);
  }
  if (pattern.kind === 'binary' && tree.kind === 'binary' && pattern.op === tree.op) {
    return unifyAll([pattern.left, pattern.right], [tree.left, tree.right]);
  }
  if (pattern.kind === 'call' && tree.kind === 'call' && pattern.callee.name === tree.callee.name) {
    if (pattern.where !== undefined || tree.where !== undefined) return undefined;
    return unifyAll(pattern.args, tree.args);
  }
  return undefined;
}

function unifyAll(patterns: readonly Expr[], trees: readonly Expr[]): Expr[] | undefined {
  if (patterns.length !== trees.length) return undefined;
  const parts = patterns.map((pattern, i) => unify(pattern, trees[i]!));
  return parts.some((part) => part === undefined) ? undefined : parts.flatMap((part) => part!);
}

function holeFree(expression: Expr): boolean {
  let free = true;
  visit(expression, (node) => {
    if (node.kind === 'hole') free = false;
  });
  return free;
}

interface Reduced {
  readonly negative: boolean;
  readonly axes: readonly Expr[];
  readonly inner: Expr;
}

/** A sum or mean, with the minus signs in front of it; minus signs alone are no reduction. */
function reduced(expression: Expr): Reduced | undefined {
  if (expression.kind === 'unary' && expression.op === '-') {
    const inner = reduced(expression.operand);
    return inner === undefined ? undefined : { ...inner, negative: !inner.negative };
  }
  if (expression.kind !== 'call' || expression.where !== undefined) return undefined;
  if (expression.callee.name !== 'sum' && expression.callee.name !== 'mean') return undefined;
  const [inner, ...axes] = expression.args;
  return inner === undefined ? undefined : { negative: false, axes, inner };
}

/** A sketch `-mean(?, class)` against `sum(e, class)`, or against a function of the target's probability. */
function unifyReduced(pattern: Expr, tree: Expr, sketch: SketchDecl): Expr[] | undefined {
  const wanted = reduced(pattern);
  if (wanted === undefined || wanted.inner.kind !== 'hole') return undefined;
  const found = reduced(tree) ?? underSum(tree, wanted.axes, sketch);
  if (found === undefined || !sameAxes(found.axes, wanted.axes)) return undefined;
  return [found.negative === wanted.negative ? found.inner : negated(found.inner)];
}

function sameAxes(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((axis, i) => equalTrees(axis, b[i]!));
}

/** f(sum(target * prediction, class)) is sum(target * f(prediction), class) where the target is one-hot. */
function underSum(tree: Expr, axes: readonly Expr[], sketch: SketchDecl): Reduced | undefined {
  const onehot = sketch.inputs.find((input) => input.domain?.name.name === 'onehot')?.name.name;
  const other = sketch.inputs.find((input) => input.name.name !== onehot)?.name.name;
  if (onehot === undefined || other === undefined || sketch.inputs.length !== 2) return undefined;
  const [target, prediction] = [nameExpr(onehot), nameExpr(other)];
  const patterns = [binary('*', target, prediction), binary('*', prediction, target)];
  let left = false;
  const inner = rewrite(tree, (node) => {
    const part = reduced(node);
    const own = part !== undefined && !part.negative && node.kind === 'call' && node.callee.name === 'sum';
    return own && sameAxes(part.axes, axes) && patterns.some((p) => equalTrees(p, part.inner))
      ? prediction
      : node;
  });
  visit(inner, (node) => {
    if (node.kind === 'name' && node.name === onehot) left = true;
    if (node.kind === 'call' && reduced(node) !== undefined) left = true;
  });
  return left || equalTrees(inner, tree)
    ? undefined
    : { negative: false, axes, inner: binary('*', target, inner) };
}

/** Minus the expression, inside it where that costs no node. */
export function negated(expression: Expr): Expr {
  return freelyNegated(expression) ?? minus(expression);
}

/** A constant changes sign, a difference turns round, a product or quotient has it done to one side. */
function freelyNegated(expression: Expr): Expr | undefined {
  const value = constantOf(expression);
  if (value !== undefined) return num(-value);
  if (expression.kind === 'unary' && expression.op === '-') return expression.operand;
  if (expression.kind !== 'binary') return undefined;
  const { op, left, right } = expression;
  if (op === '-') return binary('-', right, left);
  if (op !== '*' && op !== '/') return undefined;
  if (op === '*' && constantOf(left) === -1) return right;
  const first = freelyNegated(left);
  if (first !== undefined) return binary(op, first, right);
  const second = freelyNegated(right);
  return second === undefined ? undefined : binary(op, left, second);
}

/** The tree in the words of the sketch: signs as products with -1 or differences from 0, squares as the sketch writes them. */
export function intoSpace(tree: Expr, space: SearchSpace): Expr {
  const has = (name: string): boolean => space.operators.some((operator) => operator.name === name);
  return rewrite(tree, (node) => {
    if (node.kind === 'unary' && node.op === '-' && constantOf(node) === undefined) {
      const inner = freelyNegated(node.operand);
      if (inner !== undefined) return inner;
      if (has('*')) return binary('*', num(-1), node.operand);
      return has('-') ? binary('-', num(0), node.operand) : node;
    }
    if (node.kind === 'binary' && node.op === '^' && !has('^') && constantOf(node.right) === 2) {
      return has('square') ? operatorTree('square', [node.left]) : binary('*', node.left, node.left);
    }
    if (node.kind === 'call' && node.callee.name === 'square' && !has('square')) {
      return has('^') ? binary('^', node.args[0]!, num(2)) : binary('*', node.args[0]!, node.args[0]!);
    }
    return node;
  });
}
