/** The losses that the page asks about. */
import { lossesOf, type Program } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import { Reading } from '../../language-server/reading.js';
import { importResolver, readLossFile } from '../instead/stdlib.js';
import type { LossRef } from '../messages.js';
import { documentOf } from './text.js';

export interface FoundLoss {
  readonly program: Program;
  readonly decl: LossDecl;
}

/** Programs of the standard library, read when they are first asked for. */
const STANDARD = new Map<string, Program>();

function standardProgram(name: string): Program {
  const known = STANDARD.get(name);
  if (known !== undefined) return known;
  const { program } = new Reading(readLossFile(`std/${name}`), importResolver());
  STANDARD.set(name, program);
  return program;
}

/** The loss that is meant, its defaults replaced by the given numbers. Throws if the text has no such loss any more. */
export function lossOf({ source, name, values }: LossRef): FoundLoss {
  const program =
    'text' in source ? documentOf(source.text).reading.program : standardProgram(source.standard);
  const decl = lossesOf(program).find((one) => one.name.name === name);
  if (decl === undefined) throw new Error(`the loss "${name}" no longer exists`);
  return { program, decl: withValues(decl, values) };
}

function withValues(decl: LossDecl, values: LossRef['values']): LossDecl {
  const isGiven = (name: string): boolean => Object.hasOwn(values, name);
  if (!decl.parameters.some(({ name }) => isGiven(name.name))) return decl;
  const parameters = decl.parameters.map((parameter) =>
    isGiven(parameter.name.name) ? { ...parameter, default: num(values[parameter.name.name]!) } : parameter,
  );
  return { ...decl, parameters };
}
