/** The compiler's simplifier on a tree of a hole, for the mutation of that name. */
import type { Expr } from '../../../grammar/tree/ast.js';
import { simplifyTree } from '../losses/compiler.js';
import type { SketchSubject } from '../losses/subject.js';
import { intoSpace } from './seed.js';
import type { SearchSpace } from './space.js';
import { sizeOf } from './tree.js';

/** A function that gives a smaller tree in the words of the sketch where there is one, else the tree itself. */
export function simplifierFor({ sketch, library }: SketchSubject, space: SearchSpace): (tree: Expr) => Expr {
  return (tree) => {
    const simpler = simplifyTree(tree, sketch, library);
    if (simpler === undefined) return tree;
    const translated = intoSpace(simpler, space);
    return sizeOf(translated) < sizeOf(tree) ? translated : tree;
  };
}
