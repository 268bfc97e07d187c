/** What selection works on: the trees of the holes of a sketch, and how they are written. */
import type { Expr } from '../../../grammar/tree/ast.js';

/** One tree per hole, in source order. */
export type Trees = readonly Expr[];

/** How genomes are written and read: the language's own printer and parser. */
export interface GenomeCodec {
  print(trees: Trees): readonly string[];
  parse(genome: readonly string[]): Trees;
}
