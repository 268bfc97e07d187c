/** What may fill the holes of a sketch: its operators with their arity, its leaves, and how likely each is drawn. */
import { exp } from '../../../compiler/elementary/exponential.js';
import { pow } from '../../../compiler/elementary/power.js';
import { rolesOf } from '../../../compiler/lower/roles.js';
import type { OperatorAxes, SketchAxes } from '../../../compiler/lower/sketch-axes.js';
import type { Body, Expr, Leaf, SketchDecl } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import { isBinaryOp } from '../../../grammar/tree/operators.js';
import { visit } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import type { DrawWeights } from '../model/variation.js';
import { constantOf } from './tree.js';

export interface OperatorChoice {
  readonly name: string;
  readonly arity: number;
  readonly weight: number;
  /** What it does with axes; absent where its value has those of its operands together. */
  readonly axes?: OperatorAxes;
}

/** A domain that constants are drawn from. Bounds are inclusive and may be infinite. */
export interface ConstantDomain {
  readonly lower: number;
  readonly upper: number;
  readonly whole: boolean;
  draw(random: Random): number;
}

export type LeafChoice =
  | {
      readonly kind: 'name';
      readonly name: string;
      readonly weight: number;
      /** Its axes, where they matter. */
      readonly axes?: number;
    }
  | { readonly kind: 'number'; readonly value: number; readonly weight: number }
  | { readonly kind: 'drawn'; readonly domain: ConstantDomain; readonly weight: number };

export interface SearchSpace {
  readonly operators: readonly OperatorChoice[];
  readonly leaves: readonly LeafChoice[];
  /** For each part that the holes together must mention because the sketch itself does not: the leaves that are it. */
  readonly required: readonly { readonly role: 'target' | 'prediction'; readonly names: readonly string[] }[];
  readonly holes: number;
  /** The axes that a tree in each hole may have; absent where every tree over the space is legal. */
  readonly holeAxes?: readonly number[];
  /** What may stand where only these axes are allowed, and the space that it is a part of. */
  readonly part?: { readonly allowed: number; readonly whole: SearchSpace };
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
  /** Where operators reduce. */
  readonly axes?: SketchAxes;
}

/** The space of a checked sketch. Operators of unknown arity are left out: `check` has reported them. */
export function searchSpace(sketch: SketchDecl, { arity, weights, axes }: SpaceContext): SearchSpace {
  const known = new Set(
    [...sketch.inputs, ...sketch.parameters, ...sketch.body.lets].map((item) => item.name.name),
  );
  const weightOf = (name: string): number => weights[name] ?? 1;
  const operators = sketch.operators.flatMap(({ name }): OperatorChoice[] => {
    const count = isBinaryOp(name) ? 2 : arity(name);
    if (count === undefined || count === 0) return [];
    const own = axes?.operators.get(name);
    return [{ name, arity: count, weight: weightOf(name), ...(own !== undefined && { axes: own }) }];
  });
  const leaves = sketch.leaves.map((leaf): LeafChoice => {
    if (leaf.kind === 'number') {
      return { kind: 'number', value: leaf.value, weight: weightOf(String(leaf.value)) };
    }
    const domain = domainOf(leaf, known);
    const weight = weightOf(leaf.name.name);
    if (domain !== undefined) return { kind: 'drawn', domain, weight };
    const own = axes?.leaves.get(leaf.name.name);
    return { kind: 'name', name: leaf.name.name, weight, ...(own !== undefined && { axes: own }) };
  });
  const holes = holesIn(sketch).length;
  const holeAxes = axes !== undefined && axes.operators.size > 0 ? { holeAxes: axes.holes } : {};
  return { operators, leaves, required: requiredRoles(sketch, leaves), holes, ...holeAxes };
}

const PARTS = new WeakMap<SearchSpace, Map<number, SearchSpace>>();

/** The part of a space that may stand where only these axes are allowed. */
export function spaceWithin(space: SearchSpace, allowed: number): SearchSpace {
  const whole = space.part?.whole ?? space;
  const parts = PARTS.get(whole) ?? new Map<number, SearchSpace>();
  PARTS.set(whole, parts);
  const known = parts.get(allowed);
  if (known !== undefined) return known;
  const fits = (axes: number): boolean => (axes & ~allowed) === 0;
  const part: SearchSpace = {
    ...whole,
    operators: whole.operators.filter(({ axes }) => axes === undefined || fits(leastAxes(axes))),
    leaves: whole.leaves.filter((leaf) => leaf.kind !== 'name' || fits(leaf.axes ?? 0)),
    part: { allowed, whole },
  };
  parts.set(allowed, part);
  return part;
}

/** The axes that a value of the operator has in any case. */
const leastAxes = ({ operands, gives }: OperatorAxes): number =>
  operands.reduce((axes, { needs, removes }) => axes | (needs & ~removes), gives);

/** What may be an operand of an operator that stands in this part of a space. */
export function operandSpace(space: SearchSpace, { axes }: OperatorChoice, index: number): SearchSpace {
  if (space.part === undefined) return space;
  return spaceWithin(space, space.part.allowed | (axes?.operands[index]?.removes ?? 0));
}

function requiredRoles(sketch: SketchDecl, leaves: readonly LeafChoice[]): SearchSpace['required'] {
  const { lets, result } = sketch.body;
  const inLets = new Map(lets.map(({ name, value }) => [name.name, namesUnder([value])]));
  /** A name, and all that the lets it stands for mention. */
  const meant = (name: string): readonly string[] => [name, ...[...(inLets.get(name) ?? [])].flatMap(meant)];
  const leafNames = leaves.flatMap((leaf) => (leaf.kind === 'name' ? [leaf.name] : []));
  // A let that is only a leaf is part of the loss where a tree takes it.
  const fixed = lets.filter(({ name }) => !leafNames.includes(name.name)).map(({ value }) => value);
  const outside = new Set([...namesUnder([...fixed, result])].flatMap(meant));
  const roles = rolesOf(sketch.inputs);
  return (['target', 'prediction'] as const).flatMap((role) => {
    const all = sketch.inputs.flatMap(({ name }, i) =>
      (roles[i] === 'prediction') === (role === 'prediction') ? [name.name] : [],
    );
    const names = leafNames.filter((name) => meant(name).some((one) => all.includes(one)));
    return names.length === 0 || all.some((name) => outside.has(name)) ? [] : [{ role, names }];
  });
}

function namesUnder(roots: readonly Expr[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const root of roots) visit(root, (node) => void (node.kind === 'name' && names.add(node.name)));
  return names;
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
