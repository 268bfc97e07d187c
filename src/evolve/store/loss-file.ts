/** A loss that was found as the text of a `.loss` file that `lossc` reads back. */
import { callsOf } from '../../../compiler/check/cycles.js';
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import type { Callable } from '../../../compiler/resolve/program.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import type { Decl, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { fillSketch } from '../gp/genome.js';
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

/** A file with the loss and the functions that it calls; `notes` become comments at the top, and what the loss simplifies to. */
export function lossFileText(
  { sketch, library, codec }: LossText,
  genome: readonly string[],
  name: string,
  notes: readonly string[],
): string {
  const loss = fillSketch(sketch, codec.parse(genome), name);
  const { lets, result } = simplifyLoss(loss, library).body;
  const simplified = lets.length > 0 ? [] : [`Simplified: ${printExpr(result)}`];
  const comments = commentLines([...notes, ...simplified]).join('\n');
  const declarations = [...calledBy(loss, library), loss].map(printDecl);
  return `${[comments, ...declarations].filter((part) => part !== '').join('\n\n')}\n`;
}

/** One line each, whatever stands in them: what follows a line break would be part of the program. */
export function commentLines(notes: readonly string[]): string[] {
  return notes.map((note) => `// ${note.replace(/\s*[\n\r\u0085\u2028\u2029]\s*/g, ' ')}`);
}

/** The declarations of the library that the loss calls, and those that these call, in the library's order. */
function calledBy(loss: LossDecl, library: readonly Decl[]): Decl[] {
  const called = new Set<Decl>();
  const waiting: Callable[] = [loss];
  for (let decl = waiting.pop(); decl !== undefined; decl = waiting.pop()) {
    const callees = new Set(callsOf(decl).map(({ callee }) => callee.name));
    for (const other of library) {
      if ((other.kind !== 'fn' && other.kind !== 'loss') || called.has(other)) continue;
      if (!callees.has(other.name.name)) continue;
      called.add(other);
      waiting.push(other);
    }
  }
  return library.filter((decl) => called.has(decl));
}
