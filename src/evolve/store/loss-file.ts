/** A loss that was found as the text of a `.loss` file that `lossc` reads back. */
import { simplifyLoss } from '../../../compiler/loss/simplify-loss.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import type { Decl, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { fillSketch } from '../gp/genome.js';
import { spellLoss } from '../gp/spell.js';
import { calledBy } from '../losses/called-by.js';
import { guardLines } from '../losses/compiler.js';
import { probabilityForm } from '../losses/probability-form.js';
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

/**
 * A file with the loss and the functions that it calls. It is written in its simplified form where that is no longer; `notes` become
 * comments at the top, and then what the search had, what is made of the probability of the label, and guards.
 */
export function lossFileText(
  { sketch, library, codec }: LossText,
  genome: readonly string[],
  name: string,
  notes: readonly string[],
): string {
  const { found, simple, loss } = formsOf({ sketch, library, codec }, genome, name);
  const ofTheLabel = probabilityForm(simple);
  const asFound = printBody(found);
  const comments = [
    ...notes,
    ...(loss === found || asFound === printBody(loss) ? [] : [`As found by the search: ${asFound}`]),
    ...(loss === simple || simple.body.lets.length > 0 ? [] : [`Simplified: ${printBody(simple)}`]),
    ...(ofTheLabel === undefined
      ? []
      : [`In terms of the probability p of the label: ${printExpr(ofTheLabel)}`]),
    ...guardLines({ loss, library }),
  ];
  const declarations = [...calledBy(loss, library), loss].map(printDecl);
  return `${[commentLines(comments).join('\n'), ...declarations].filter((part) => part !== '').join('\n\n')}\n`;
}

/** What the file of the loss says after its signature, in one line. */
export const formulaText = (text: LossText, genome: readonly string[]): string =>
  printBody(formsOf(text, genome, 'found').loss);

/** The loss as the search has it, simplified, and whichever of the two is written. */
function formsOf({ sketch, library, codec }: LossText, genome: readonly string[], name: string) {
  const found = spellLoss(fillSketch(sketch, codec.parse(genome), name), library);
  const simple = simplifyLoss(found, library);
  const loss = lengthOf(simple, library) <= lengthOf(found, library) ? simple : found;
  return { found, simple, loss };
}

/** In one line. */
const printBody = ({ body: { lets, result } }: LossDecl): string =>
  [...lets.map(({ name, value }) => `let ${name.name} = ${printExpr(value)}`), printExpr(result)].join('; ');

/** Characters of a loss and of what it calls. */
const lengthOf = (loss: LossDecl, library: readonly Decl[]): number =>
  [...calledBy(loss, library), loss].reduce((sum, decl) => sum + printDecl(decl).length, 0);

/** One line each, whatever stands in them: what follows a line break would be part of the program. */
export function commentLines(notes: readonly string[]): string[] {
  return notes.map((note) => `// ${note.replace(/\s*[\n\r\u0085\u2028\u2029]\s*/g, ' ')}`);
}
