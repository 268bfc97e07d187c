import { resumeSearch } from '../evolve/run/run-search.js';
import { resumeTuning } from '../evolve/run/run-tuning.js';
import { readAnySettings } from '../evolve/store/read-settings.js';
import { print, printJson } from '../terminal.js';
import { helloOf, openQuestions } from './asked.js';
import type { Define } from './command.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc ask RUN`: takes the answers that there are, goes on as far as they lead, and lists the trainings that are wanted next. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<run>', 'folder of a run that was started with --ask')
    .action(async (directory: string, { json }: { readonly json?: boolean }) => {
      helloOf(directory);
      const { format } = readAnySettings(directory);
      const running = { workers: 1 };
      const outcome =
        format === 2
          ? await resumeSearch({ directory, running })
          : await resumeTuning({ directory, running });
      const open = openQuestions(directory);
      const file = 'bestFile' in outcome ? outcome.bestFile : outcome.file;
      if (json === true) printJson({ finished: outcome.stopped === 'finished', open, file });
      else print(askedText(directory, open.length, file));
    });
};

/** What is to be done next. */
export function askedText(directory: string, open: number, file: string | undefined): string {
  if (open === 0) return `finished: ${file ?? `nothing was found; the ledger in ${directory} says why`}`;
  return [
    `${open} trainings are waiting: each has a folder in ${directory}/asked, with params.json and the loss`,
    `answer with a metrics.json in the folder, or with: lossc tell ${directory} KEY VALUE`,
    `then: lossc ask ${directory}`,
  ].join('\n');
}
