/** What may fill the holes of a sketch: its operators with their arity, its leaves, and how likely each is drawn. */
import { exp } from '../../../compiler/elementary/exponential.js';
import { pow } from '../../../compiler/elementary/power.js';
import { rolesOf } from '../../../compiler/lower/roles.js';
import type { Body, Expr, Leaf, SketchDecl } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import { isBinaryOp } from '../../../grammar/tree/operators.js';
import { visit } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import type { DrawWeights } from '../model/variation.js';
import { constantOf } from './tree.js';

interface OperatorChoice {
  readonly name: string;
  readonly arity: number;
  readonly weight: number;
}

/** A domain that constants are drawn from. Bounds are inclusive and may be infinite. */
export interface ConstantDomain {
  readonly lower: number;
  readonly upper: number;
  readonly whole: boolean;
  draw(random: Random): number;
}

export type LeafChoice =
  | { readonly kind: 'name'; readonly name: string; readonly weight: number }
  | { readonly kind: 'number'; readonly value: number; readonly weight: number }
  | { readonly kind: 'drawn'; readonly domain: ConstantDomain; readonly weight: number };

export interface SearchSpace {
  readonly operators: readonly OperatorChoice[];
  readonly leaves: readonly LeafChoice[];
  /** For each part that the holes together must mention because the sketch itself does not: the leaves that are it. */
  readonly required: readonly { readonly role: 'target' | 'prediction'; readonly names: readonly string[] }[];
  readonly holes: number;
}

/** Standard deviation of a constant drawn from an unbounded domain: losses of the field are written with numbers near 1. */
const SPREAD = 2;

const DOMAINS: Readonly<Record<string, ConstantDomain>> = {
  real: unbounded(Number.NEGATIVE_INFINITY, (random) => SPREAD * random.normal()),
  nonnegative: unbounded(0, (random) => Math.abs(SPREAD * random.normal())),
  positive: unbounded(Number.MIN_VALUE, (random) => exp(random.normal())),
  unit: uniform(0, 1),
  integer: {
    ...unbounded(Number.NEGATIVE_INFINITY, (random) => Math.round(SPREAD * random.normal())),
    whole: true,
  },
};

function unbounded(lower: number, draw: (random: Random) => number): ConstantDomain {
  return { lower, upper: Number.POSITIVE_INFINITY, whole: false, draw };
}

function uniform(lower: number, upper: number): ConstantDomain {
  return { lower, upper, whole: false, draw: (random) => lower + random.next() * (upper - lower) };
}

/** The domain that a leaf names, if it names one. `between` needs its bounds. */
function domainOf(
  leaf: Leaf & { readonly kind: 'name' },
  known: ReadonlySet<string>,
): ConstantDomain | undefined {
  if (known.has(leaf.name.name)) return undefined;
  if (leaf.bounds === undefined) return DOMAINS[leaf.name.name];
  const [lower, upper] = leaf.bounds.map(numberOf);
  return lower === undefined || upper === undefined ? undefined : uniform(lower, upper);
}

/** The value of a constant expression of numbers; bounds of leaves are no more than that. */
function numberOf(expression: Expr): number | undefined {
  if (expression.kind === 'name') return expression.name === 'pi' ? Math.PI : undefined;
  if (expression.kind === 'unary' && expression.op === '-') {
    const value = numberOf(expression.operand);
    return value === undefined ? undefined : -value;
  }
  if (expression.kind !== 'binary') return constantOf(expression);
  const [a, b] = [numberOf(expression.left), numberOf(expression.right)];
  if (a === undefined || b === undefined) return undefined;
  const results: Partial<Record<string, number>> = {
    '+': a + b,
    '-': a - b,
    '*': a * b,
    '/': a / b,
    '^': pow(a, b),
  };
  return results[expression.op];
}

export interface SpaceContext {
  /** Number of arguments of a function of the language or of an `fn` in scope. */
  arity(name: string): number | undefined;
  readonly weights: DrawWeights;
}

/** The space of a checked sketch. Operators of unknown arity are left out: `check` has reported them. */
export function searchSpace(sketch: SketchDecl, { arity, weights }: SpaceContext): SearchSpace {
  const known = new Set([...sketch.inputs, ...sketch.parameters].map((item) => item.name.name));
  const weightOf = (name: string): number => weights[name] ?? 1;
  const operators = sketch.operators.flatMap(({ name }): OperatorChoice[] => {
    const count = isBinaryOp(name) ? 2 : arity(name);
    return count === undefined || count === 0 ? [] : [{ name, arity: count, weight: weightOf(name) }];
  });
  const leaves = sketch.leaves.map((leaf): LeafChoice => {
    if (leaf.kind === 'number') {
      return { kind: 'number', value: leaf.value, weight: weightOf(String(leaf.value)) };
    }
    const domain = domainOf(leaf, known);
    const weight = weightOf(leaf.name.name);
    return domain === undefined
      ? { kind: 'name', name: leaf.name.name, weight }
      : { kind: 'drawn', domain, weight };
  });
  const holes = holesIn(sketch).length;
  return { operators, leaves, required: requiredRoles(sketch, leaves), holes };
}

function requiredRoles(sketch: SketchDecl, leaves: readonly LeafChoice[]): SearchSpace['required'] {
  const outside = new Set<string>();
  for (const root of rootsOf(sketch.body)) {
    visit(root, (node) => void (node.kind === 'name' && outside.add(node.name)));
  }
  const leafNames = new Set(leaves.flatMap((leaf) => (leaf.kind === 'name' ? [leaf.name] : [])));
  const roles = rolesOf(sketch.inputs);
  const inputs = sketch.inputs.map((input, i) => ({
    name: input.name.name,
    role: roles[i] === 'prediction' ? ('prediction' as const) : ('target' as const),
  }));
  return (['target', 'prediction'] as const).flatMap((role) => {
    const all = inputs.filter((input) => input.role === role).map((input) => input.name);
    const names = all.filter((name) => leafNames.has(name));
    return names.length === 0 || all.some((name) => outside.has(name)) ? [] : [{ role, names }];
  });
}

/** All holes of a sketch in source order. */
export function holesIn(sketch: SketchDecl): readonly Expr[] {
  const found: Expr[] = [];
  for (const root of rootsOf(sketch.body))
    visit(root, (node) => void (node.kind === 'hole' && found.push(node)));
  return found;
}

function rootsOf(body: Body): readonly Expr[] {
  return [...body.lets.map((item) => item.value), body.result];
}

/** Significant digits of a drawn constant: enough to search with, few enough to read. */
const CONSTANT_DIGITS = 4;

/** The leaf as a tree; a drawn constant is rounded to four digits. */
export function leafTree(leaf: LeafChoice, random: Random): Expr {
  if (leaf.kind === 'name') return { kind: 'name', name: leaf.name };
  return num(leaf.kind === 'number' ? leaf.value : roundInto(leaf.domain, leaf.domain.draw(random)));
}

/** The value with few digits, inside the domain. */
export function roundInto(domain: ConstantDomain, value: number): number {
  const rounded = Number(value.toPrecision(CONSTANT_DIGITS));
  const whole = domain.whole ? Math.round(rounded) : rounded;
  return Math.min(domain.upper, Math.max(domain.lower, whole));
}

/** The first domain of the space that a constant may have been drawn from. */
export function domainFor(space: SearchSpace, value: number): ConstantDomain | undefined {
  const drawn = space.leaves.flatMap((leaf) => (leaf.kind === 'drawn' ? [leaf.domain] : []));
  return drawn.find(
    ({ lower, upper, whole }) => value >= lower && value <= upper && (!whole || Number.isInteger(value)),
  );
}

/** An inner node of an operator. */
export function operatorTree(name: string, children: readonly Expr[]): Expr {
  return isBinaryOp(name)
    ? { kind: 'binary', op: name, left: children[0]!, right: children[1]! }
    : { kind: 'call', callee: { name }, args: children, names: [] };
}
