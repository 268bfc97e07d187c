/**
 * What breeding begins with: sums of up to three small terms. All small terms of the sketch are written down, and linear least squares
 * says of every pair of them, and of every third to the best pairs, how near a sum of them comes with its best factors.
 */
import type { Expr } from '../../grammar/tree/ast.js';
import { binary, name as nameExpr, num } from '../../grammar/tree/build.js';
import { missingRoles } from '../evolve/gp/repair.js';
import { domainFor, operatorTree, type SearchSpace } from '../evolve/gp/space.js';
import type { Trees } from '../evolve/model/genome.js';
import { withFitted } from './coefficients.js';
import type { QuickRows } from './quick.js';
import { sizeOf } from './size.js';

/** What free numbers of a term begin at; they are fitted later. None makes a power one of the functions. */
const NUMBERS = [0.7, 1.5, 3];
/** Terms that are looked at, smallest first, and those that are added up. */
const [MOST_TRIED, MOST_ADDED] = [10_000, 1000];
/** Terms, and sums of terms, of a size that breeding begins with. */
const [TERMS_OF_A_SIZE, SUMS_OF_A_SIZE] = [40, 12];
/** Terms whose columns are nearer to parallel than this have no factors of their own. */
const PARALLEL = 1e-6;

interface Term {
  readonly tree: Expr;
  readonly size: number;
  /** Terms that differ in nothing but their numbers have one. */
  readonly kind: number;
  /** What it adds to the quantity, with the length 1. */
  readonly column: Float64Array;
  /** Its product with what is wanted. */
  readonly along: number;
}

/** Places of terms, and the sum of squares that their best sum leaves. */
interface Sum {
  readonly places: readonly number[];
  readonly size: number;
  readonly left: number;
}

/** Trees for a sketch of one hole, smallest first; none where operators reduce. */
export function startingTrees(space: SearchSpace, quick: QuickRows, wanted: Float64Array): readonly Trees[] {
  if (space.holes !== 1 || space.holeAxes !== undefined) return [];
  const offset = quick.quantityOf([num(0)]);
  if (offset === undefined) return [];
  const rest = wanted.map((x, i) => x - offset[i]!);
  const terms = distinctTerms(space, quick, offset, rest);
  const all = product(rest, rest);
  const added = terms.slice(0, MOST_ADDED);
  const products = added.map((one) => Float64Array.from(added, (other) => product(one.column, other.column)));
  const singles = terms.map(({ size, along }, a): Sum => ({ places: [a], size, left: all - along * along }));
  function* sums(first: Sum): Iterable<Sum> {
    const from = first.places.length === 1 ? first.places[0]! + 1 : 0;
    for (let at = from; at < added.length; at++) {
      const places = [...first.places, at];
      const along = explained(places, terms, products);
      if (along !== undefined) yield { places, size: first.size + terms[at]!.size + 1, left: all - along };
    }
  }
  const pairs = bestOfSizes(singles.slice(0, MOST_ADDED), sums, terms, SUMS_OF_A_SIZE);
  const triples = bestOfSizes(pairs, sums, terms, SUMS_OF_A_SIZE);
  return [...bestOfSizes(singles, (one) => [one], terms, TERMS_OF_A_SIZE), ...pairs, ...triples]
    .sort((a, b) => a.size - b.size)
    .map(({ places }) => [places.map((at) => terms[at]!.tree).reduce((sum, tree) => binary('+', sum, tree))])
    .filter((trees) => missingRoles(trees, space).length === 0);
}

/** For each size the sums that leave least, one of those that differ in nothing but numbers. */
function bestOfSizes(
  from: readonly Sum[],
  sums: (one: Sum) => Iterable<Sum>,
  terms: readonly Term[],
  most: number,
): readonly Sum[] {
  const sizes = new Map<number, { readonly kinds: Map<string, Sum>; bar: number }>();
  for (const one of from)
    for (const sum of sums(one)) {
      const best = sizes.get(sum.size) ?? { kinds: new Map<string, Sum>(), bar: Number.POSITIVE_INFINITY };
      sizes.set(sum.size, best);
      if (sum.left >= best.bar) continue;
      const { kinds } = best;
      const kind = sum.places
        .map((at) => terms[at]!.kind)
        .sort((a, b) => a - b)
        .join();
      const known = kinds.get(kind);
      if (known !== undefined && known.left <= sum.left) continue;
      kinds.set(kind, sum);
      if (kinds.size > most) kinds.delete(worstOf(kinds)[0]);
      if (kinds.size === most) best.bar = worstOf(kinds)[1].left;
    }
  return [...sizes.values()].flatMap(({ kinds }) => [...kinds.values()]);
}

const worstOf = (kinds: ReadonlyMap<string, Sum>): [string, Sum] =>
  [...kinds].reduce((worst, one) => (one[1].left > worst[1].left ? one : worst));

/** What of the wanted squares the terms explain together, by Gram and Schmidt; undefined where one is a sum of the others. */
function explained(
  places: readonly number[],
  terms: readonly Term[],
  products: readonly Float64Array[],
): number | undefined {
  const [a, b, c] = places as [number, number, number?];
  const [along, across] = [products[a]![b]!, terms[a]!.along];
  const second = 1 - along * along;
  if (second < PARALLEL) return undefined;
  const own = (terms[b]!.along - along * across) / Math.sqrt(second);
  const two = across * across + own * own;
  if (c === undefined) return two;
  const [first, between] = [products[a]![c]!, products[b]![c]!];
  const other = (between - along * first) / Math.sqrt(second);
  const third = 1 - first * first - other * other;
  if (third < PARALLEL) return undefined;
  const last = terms[c]!.along - first * across - other * own;
  return two + (last * last) / third;
}

/** The smallest terms of the sketch that have a value at every row; of no two is one a multiple of the other. */
function distinctTerms(
  space: SearchSpace,
  quick: QuickRows,
  offset: Float64Array,
  wanted: Float64Array,
): readonly Term[] {
  const terms: Term[] = [];
  const kinds = new Map<string, number>();
  const seen = new Set<string>();
  for (const { tree, size } of smallTrees(space).slice(0, MOST_TRIED)) {
    const column = quick.quantityOf([tree])?.map((x, i) => x - offset[i]!);
    const length = column === undefined ? 0 : Math.sqrt(product(column, column));
    if (column === undefined || !Number.isFinite(length) || length === 0) continue;
    // The sign is a factor, too.
    const sign = Math.sign(column.find((x) => Math.abs(x) > 1e-9 * length)!);
    const unit = column.map((x) => (sign * x) / length);
    const along = product(unit, wanted);
    const print = [along, ...unit.subarray(0, 8)].map((x) => x.toPrecision(6)).join();
    if (seen.has(print)) continue;
    seen.add(print);
    const { key } = withFitted([tree], space);
    const kind = kinds.get(key) ?? kinds.size;
    kinds.set(key, kind);
    terms.push({ tree, size, kind, column: unit, along });
  }
  return terms;
}

/** Operators whose operands may change places. */
const SYMMETRIC: ReadonlySet<string> = new Set(['+', '*', 'min', 'max']);

/** Trees of up to two operators, and functions of a leaf combined, alone and times a leaf, smallest first. */
function smallTrees(space: SearchSpace): { readonly tree: Expr; readonly size: number }[] {
  const names = space.leaves.flatMap((leaf) => (leaf.kind === 'name' ? [nameExpr(leaf.name)] : []));
  const given = space.leaves.flatMap((leaf) => (leaf.kind === 'number' ? [num(leaf.value)] : []));
  const free = NUMBERS.filter((value) => domainFor(space, value) !== undefined).map((value) => num(value));
  const leaves = [...names, ...given, ...free];
  const few = [...names, ...given, ...free.slice(0, 1)];
  const functions = space.operators.filter(({ arity }) => arity === 1);
  const of = (operands: readonly Expr[]): Expr[] =>
    functions.flatMap(({ name }) => operands.map((operand) => operatorTree(name, [operand])));
  const joint = (left: readonly Expr[], right: readonly Expr[]): Expr[] =>
    space.operators
      .filter(({ arity }) => arity === 2)
      .flatMap(({ name }) =>
        left.flatMap((a) =>
          right.flatMap((b) => [
            operatorTree(name, [a, b]),
            ...(SYMMETRIC.has(name) ? [] : [operatorTree(name, [b, a])]),
          ]),
        ),
      );
  const curves = of(names);
  const once = [...curves, ...joint(names, leaves)];
  const products = space.operators.some(({ name }) => name === '*')
    ? names.flatMap((name) =>
        curves.flatMap((a, at) => curves.slice(at + 1).map((b) => binary('*', name, binary('*', a, b)))),
      )
    : [];
  return [...names, ...once, ...of(once), ...joint(once, few), ...joint(curves, curves), ...products]
    .map((tree) => ({ tree, size: sizeOf(tree) }))
    .sort((a, b) => a.size - b.size);
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
