/** The best losses of a run as `.loss` files that `lossc` reads back, each with where it came from. */
import { join } from 'node:path';
import { callsOf } from '../../../compiler/check/cycles.js';
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import type { Callable } from '../../../compiler/lower/program.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import type { Decl, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { fillSketch } from '../gp/genome.js';
import { fitnessOf, type GenomeCodec, type Individual } from '../search/individual.js';
import { type Archive, paretoFront } from '../search/pareto.js';
import { writeAtomic } from './files.js';

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
    const callees = new Set(callsOf(decl).map(({ callee }) => callee));
    for (const other of library) {
      if ((other.kind !== 'fn' && other.kind !== 'loss') || called.has(other)) continue;
      if (!callees.has(other.name.name)) continue;
      called.add(other);
      waiting.push(other);
    }
  }
  return library.filter((decl) => called.has(decl));
}

function provenance(individual: Individual, command: string): string[] {
  const { id, born, island, parents, operator, scores, size } = individual;
  return [
    `Evolved by lossc: ${command}`,
    `Candidate ${id} of generation ${born}, island ${island}, by ${operator}${parents.length > 0 ? ` from ${parents.join(' and ')}` : ''}; ${size} nodes.`,
    `Validation score ${fitnessOf(individual).toFixed(4)} (mean of ${scores.length}: ${scores.map((score) => score.toFixed(4)).join(', ')}).`,
  ];
}

/**
 * Writes `losses/best.loss` and one file for each loss on the Pareto front. `written` holds what is already there, by
 * file name, so that only what changed is written; the new contents are returned.
 */
export function writeBestLosses(
  directory: string,
  text: LossText,
  archive: Archive,
  command: string,
  written: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const files = new Map<string, string>();
  const front = paretoFront(archive);
  const add = (name: string, individual: Individual): void => {
    const notes = provenance(individual, command);
    files.set(name, lossFileText(text, individual.genome, evolvedName(individual.id), notes));
  };
  for (const individual of front) add(`size-${String(individual.size).padStart(2, '0')}.loss`, individual);
  const best = front.at(-1);
  if (best !== undefined) add('best.loss', best);
  for (const [name, content] of files) {
    if (written.get(name) !== content) writeAtomic(join(directory, 'losses', name), content);
  }
  return files;
}
