/** What a formula is worth when it has become a loss. */
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { importFormula } from '../../src/import/import.js';
import type { Language } from '../../src/import/term.js';
import { importResolver } from '../../src/stdlib.js';
import type { FormulaCase } from './python-cases.js';

/** The text of the loss that a formula becomes. */
async function imported(formula: string, language?: Language): Promise<string> {
  const found = await importFormula(formula, { language });
  if (found.kind === 'refused') assert.unreachable(`${formula}: ${found.message} (${found.hint})`);
  return (found as Extract<typeof found, { kind: 'imported' }>).text;
}

/** The mean over the items of the loss that a formula becomes. */
export async function worthOf(one: FormulaCase, language?: Language): Promise<number> {
  const text = await imported(one.formula, language);
  const program = loadProgram({ name: 'imported.loss', text }, importResolver('-'));
  const compiled = compileLoss(program, lossesOf(program)[0]!);
  const inputs = new Map(
    Object.entries(one.inputs).map(([name, value]) => [name, arrayOf(value as number[])] as const),
  );
  const { value } = evaluateLoss(compiled, inputs, new Map(Object.entries(one.parameters ?? {})));
  return value as number;
}
