import { printExpr } from '../../../grammar/print/print.js';
import type { Body } from '../../../grammar/tree/ast.js';
import type { CompiledLoss } from '../../compile.js';
import { type GuardNotes, notesOn } from '../../guard/notes.js';
import { guardSentences } from '../../guard/sentences.js';
import { formulaOf } from '../../raise/formula.js';
import { filled } from '../../words/fill.js';

/** Columns of a terminal. */
const WIDTH = 100;

/** The value of a loss, its derivatives by the predictions, and the guards that can decide them. */
export function printGradient({ name, inputs, lowered, formula, guardNotes }: CompiledLoss): string {
  const predictions = inputs.filter(({ data }) => !data).map((input) => input.name);
  const roots = [
    [name, formula.value] as const,
    ...predictions.map((by) => [`d ${name} / d ${by}`, formula.gradients.get(by)!] as const),
  ];
  const equations = roots.map(([left, node]) =>
    equationText(formulaOf(lowered.graph, node, formula.names), left),
  );
  const guards = guardText(notesOn(guardNotes, predictions));
  return [...equations, ...(guards === '' ? [] : [guards])].join('\n\n');
}

/** `left = result`, after the lets it uses. */
export function equationText(body: Body, left: string): string {
  const lets = body.lets.map(
    (definition) => `  let ${definition.name.name} = ${printExpr(definition.value)}`,
  );
  const result = printExpr(body.result);
  if (left === '') return [...lets, result].join('\n');
  return lets.length === 0 ? `${left} =\n  ${result}` : `${left} =\n${lets.join('\n')}\n  ${result}`;
}

/** What the compiled loss does where it is not the formula. */
export function guardText(notes: GuardNotes): string {
  const lines = guardSentences(notes).flatMap((sentence) =>
    filled(sentence, WIDTH - 4, WIDTH - 2).map((line, i) => `${i === 0 ? '  ' : '    '}${line}`),
  );
  return lines.length === 0 ? '' : ['Guards that can decide', ...lines].join('\n');
}
