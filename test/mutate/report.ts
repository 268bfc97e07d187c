/** What a run says of itself. */
import { EXPLAINED } from './explained.js';
import type { Mutant } from './mutants.js';
import type { Entry } from './record.js';
import { FOLDER_NAMES, folderOf } from './sources.js';

function reasonFor({ file, before, after }: Mutant): string | undefined {
  return EXPLAINED.find((row) => row.file === file && row.before === before && row.after === after)?.reason;
}

const survived = ({ verdict }: Entry): boolean => verdict?.killed === false;
export const isUnexplained = (entry: Entry): boolean =>
  survived(entry) && reasonFor(entry.mutant) === undefined;

/** A row for each folder: how many were drawn and tried, what killed them, and what was left. */
export function tableText(entries: readonly Entry[]): string {
  const heads = ['', 'tried', 'tests', 'types', 'time', 'survived', 'explained', 'killed'];
  const rows = [...FOLDER_NAMES, 'all'].map((folder) => {
    const tried = entries.filter(
      ({ mutant, verdict }) =>
        verdict !== undefined && (folder === 'all' || folderOf(mutant.file) === folder),
    );
    const by = (what: string): number =>
      tried.filter(({ verdict }) => verdict?.killed && verdict.by === what).length;
    const left = tried.filter(survived).length;
    const explained = left - tried.filter(isUnexplained).length;
    const counted = tried.length - explained;
    const share = counted === 0 ? '' : `${((100 * (tried.length - left)) / counted).toFixed(1)} %`;
    return [folder, tried.length, by('test'), by('types'), by('time'), left, explained, share].map(String);
  });
  return [heads, ...rows]
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(12) : cell.padStart(9))).join(' '))
    .join('\n');
}

/** The mutants that no test has killed, as differences. */
export const survivorsText = (entries: readonly Entry[]): string =>
  entries
    .filter(survived)
    .map(({ mutant }) => {
      const { file, operator, before, after } = mutant;
      const reason = reasonFor(mutant);
      const lines = [
        `${file}: ${operator}`,
        ...before.split('\n').map((line) => `- ${line}`),
        ...after.split('\n').map((line) => `+ ${line}`),
        ...(reason === undefined ? [] : [`  ${reason}`]),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('\n');
