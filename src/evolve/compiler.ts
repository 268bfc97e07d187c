/** The compiler as the search uses it: one loss at a time, from trees, without files or text. */
import { analyseLoss } from '../../compiler/analyse.js';
import { numericLoss } from '../../compiler/evaluate/numeric.js';
import { findFunction } from '../../compiler/lower/functions.js';
import { simplifyLoss } from '../../compiler/simplify-loss.js';
import type { Domain, Expr, LossDecl, SketchDecl } from '../../grammar/ast.js';
import { LossError } from '../../grammar/diagnostic.js';
import type { LossCompiler } from './types.js';

export const lossCompiler: LossCompiler = {
  analyse: ({ loss, library }) => analyseLoss(loss, library),
  numeric: ({ loss, library }, parameters) => numericLoss(loss, library, parameters),
  arity(name) {
    const row = findFunction(name);
    if (row?.kind === 'values') return row.arity;
    return row?.kind === 'both' ? 2 : undefined;
  },
  simplify(tree, sketch, library) {
    try {
      return simplifyLoss(elementByElement(tree, sketch), library).body.result;
    } catch (thrown) {
      // A part of a tree may lack the prediction, and then it is no loss.
      if (thrown instanceof LossError) return undefined;
      throw thrown;
    }
  },
};

/** What a domain along an axis says of each of its elements. */
const ELEMENT_DOMAINS: Readonly<Record<string, string>> = { onehot: 'binary', probability: 'unit' };

/** A loss without axes whose body is the tree: what holds for it holds for every element. */
function elementByElement(tree: Expr, sketch: SketchDecl): LossDecl {
  const withoutAxes = <T extends { readonly domain?: Domain }>(item: T): T => {
    if (item.domain === undefined) return item;
    const { axes: _, ...domain } = item.domain;
    return { ...item, domain: { ...domain, name: ELEMENT_DOMAINS[domain.name] ?? domain.name } };
  };
  return {
    kind: 'loss',
    name: sketch.name,
    inputs: sketch.inputs.map(withoutAxes),
    parameters: sketch.parameters.map(withoutAxes),
    body: { lets: [], result: tree },
  };
}
