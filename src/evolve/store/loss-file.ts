/** A loss that was found as the text of a `.loss` file that `lossc` reads back. */
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import type { Decl, SketchDecl } from '../../../grammar/tree/ast.js';
import { fillSketch } from '../gp/genome.js';
import { spellLoss } from '../gp/spell.js';
import { calledBy } from '../losses/called-by.js';
import { guardLines } from '../losses/compiler.js';
import type { GenomeCodec } from '../model/genome.js';

export interface LossText {
  readonly sketch: SketchDecl;
  readonly library: readonly Decl[];
  readonly codec: GenomeCodec;
}

/** Name of an evolved loss in its file and in reports. */
export function evolvedName(id: number): string {
  return `evolved_${id}`;
}

/** A file with the loss and the functions that it calls; `notes` become comments at the top, and what the loss simplifies to and its guards. */
export function lossFileText(
  { sketch, library, codec }: LossText,
  genome: readonly string[],
  name: string,
  notes: readonly string[],
): string {
  const loss = spellLoss(fillSketch(sketch, codec.parse(genome), name), library);
  const { lets, result } = simplifyLoss(loss, library).body;
  const simplified = lets.length > 0 ? [] : [`Simplified: ${printExpr(result)}`];
  const comments = commentLines([...notes, ...simplified, ...guardLines({ loss, library })]).join('\n');
  const declarations = [...calledBy(loss, library), loss].map(printDecl);
  return `${[comments, ...declarations].filter((part) => part !== '').join('\n\n')}\n`;
}

/** One line each, whatever stands in them: what follows a line break would be part of the program. */
export function commentLines(notes: readonly string[]): string[] {
  return notes.map((note) => `// ${note.replace(/\s*[\n\r\u0085\u2028\u2029]\s*/g, ' ')}`);
}
