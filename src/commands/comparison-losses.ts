import { lossesOf } from '../../compiler/resolve/program.js';
import { UsageError } from '../errors.js';
import { readLoss } from '../evolve/losses/subject.js';
import type { Candidate } from '../evolve/model/candidate.js';
import { entryParts, type LossOfProgram, noneOf, openChecked } from './load.js';
import { readSources } from './sources.js';

export type { LossOfProgram };

/** The same losses as a search has them. */
export const candidatesIn = (entry: string): Candidate[] =>
  readLosses([entry]).map(({ decl }) => readLoss(readSources(entryParts(entry).path), decl.name.name));

/** `FILE:NAME`, or every loss of a file that has one. */
export function readLosses(files: readonly string[]): LossOfProgram[] {
  return files.flatMap((entry) => {
    const { path, name } = entryParts(entry);
    const program = openChecked(path);
    const all = lossesOf(program);
    const chosen = name === undefined ? all : all.filter((decl) => decl.name.name === name);
    if (all.length === 0) throw noneOf('loss', program);
    if (chosen.length === 0)
      throw new UsageError(
        `${path} has no loss "${name}"`,
        `it has ${all.map((decl) => decl.name.name).join(', ')}`,
      );
    return chosen.map((decl) => ({ program, decl }));
  });
}
