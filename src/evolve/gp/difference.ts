/** What changed from one tree to another, marked in their texts. */
import { printExpr } from '../../../grammar/print/print.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import { name as nameExpr } from '../../../grammar/tree/build.js';
import {
  children,
  equalTrees,
  getAt,
  type Path,
  replaceAt,
  withChildren,
} from '../../../grammar/tree/walk.js';

/** A formula with the part that is other than in the formula it is compared with. */
export interface MarkedFormula {
  readonly text: string;
  /** Offsets of the part: equal where nothing is other. */
  readonly from: number;
  readonly to: number;
}

/** Both trees as text, each with the smallest part outside of which they are equal. */
export function markedDifference(before: Expr, after: Expr): readonly [MarkedFormula, MarkedFormula] {
  if (equalTrees(before, after)) return [plain(before), plain(after)];
  const path: number[] = [];
  for (let [a, b] = [before, after]; ; ) {
    const [mine, theirs] = [children(a), children(b)];
    const other = mine.flatMap((child, i) =>
      theirs[i] !== undefined && equalTrees(child, theirs[i]) ? [] : [i],
    );
    const [only] = other;
    const isInside =
      mine.length === theirs.length &&
      other.length === 1 &&
      equalTrees(withChildren(a, [...mine].with(only!, theirs[only!]!)), b);
    if (!isInside) break;
    path.push(only!);
    [a, b] = [mine[only!]!, theirs[only!]!];
  }
  return [marked(before, path), marked(after, path)];
}

export function plain(tree: Expr): MarkedFormula {
  const text = printExpr(tree);
  return { text, from: text.length, to: text.length };
}

/** No name of a program: it is only printed. */
const PLACE = '\u0000';

/** The text of a tree with a part of it marked, with its parentheses where it has some. */
function marked(tree: Expr, path: Path): MarkedFormula {
  const text = printExpr(tree);
  const part = printExpr(getAt(tree, path));
  const around = printExpr(replaceAt(tree, path, nameExpr(PLACE))).split(PLACE);
  const [head, tail] = [around[0]!, around[1]!];
  const fits = [part, `(${part})`].find((inner) => head + inner + tail === text);
  return fits === undefined
    ? { text, from: 0, to: text.length }
    : { text, from: head.length, to: head.length + fits.length };
}
