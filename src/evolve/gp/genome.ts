/** From trees to losses and back: filling a sketch, and the text of a genome. */

import { invariant } from '../../../grammar/invariant.js';
import { printExpr } from '../../../grammar/print/print.js';
import { parseExpression } from '../../../grammar/read/parse.js';
import type { Expr, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { rewrite } from '../../../grammar/tree/walk.js';
import type { GenomeCodec, Trees } from '../model/genome.js';

/** The sketch with its holes filled, in source order: a loss as any other. */
export function fillSketch(sketch: SketchDecl, trees: Trees, name: string): LossDecl {
  let next = 0;
  const fill = (node: Expr): Expr => (node.kind === 'hole' ? trees[next++]! : node);
  const lets = sketch.body.lets.map((item) => ({ ...item, value: rewrite(item.value, fill) }));
  const result = rewrite(sketch.body.result, fill);
  invariant(next === trees.length, `${trees.length} trees for ${next} holes`);
  return {
    kind: 'loss',
    name: { name },
    inputs: sketch.inputs,
    parameters: sketch.parameters,
    body: { lets, result },
  };
}

/** A genome as text: each tree printed by the language's own printer, and read by its own parser. */
export const GENOME_CODEC: GenomeCodec = {
  print: (trees) => trees.map(printExpr),
  parse: (genome) => genome.map(parseExpression),
};
