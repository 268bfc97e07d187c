/**
 * Subtree crossover. Both trees belong to the same hole of the same sketch, so any part of one may stand anywhere in
 * the other: type, axes and domain are those of the hole.
 */
import type { Expr } from '../../../grammar/tree/ast.js';
import { getAt, type Path, replaceAt } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import { sitesOf } from './tree.js';

/** Koza's share of crossover points at inner nodes (1992, section 6.3): leaves alone make small changes. */
const INNER_SHARE = 0.9;

/** A crossover point: an inner node with probability `INNER_SHARE` where there is one, uniform within its sort. */
export function crossoverPoint(tree: Expr, random: Random): Path {
  const sites = sitesOf(tree);
  const inner = sites.filter(({ node }) => node.kind === 'binary' || node.kind === 'call');
  const leaves = sites.filter((site) => !inner.includes(site));
  const useInner = random.next() < INNER_SHARE && inner.length > 0;
  return random.pick(useInner ? inner : leaves).path;
}

/** Exchanges the subtrees at the two points; both results are kept by the caller. Parents are not touched. */
export function exchange(first: Expr, at: Path, second: Expr, other: Path): readonly [Expr, Expr] {
  return [replaceAt(first, at, getAt(second, other)), replaceAt(second, other, getAt(first, at))];
}

export function crossTrees(first: Expr, second: Expr, random: Random): readonly [Expr, Expr] {
  return exchange(first, crossoverPoint(first, random), second, crossoverPoint(second, random));
}
