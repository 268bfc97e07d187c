import { show } from '../evolve/run/inspect.js';
import { print, printJson } from '../terminal.js';
import { type Define, wholeNumber } from './command.js';

/** `lossc show DIR [ID]`: all that is known of a candidate. */
export const define: Define = (command) => {
  command
    .argument('<dir>', 'folder of a run')
    .argument('[id]', 'number of a candidate (default: the winner, or the best so far)', wholeNumber(0))
    .option('--json', 'print JSON')
    .action((directory: string, id: number | undefined, options: { json?: boolean }) => {
      const shown = show(directory, id);
      if (options.json) {
        printJson(shown);
        return;
      }
      const { row, trainings, tuned, final } = shown;
      print(shown.text.trimEnd());
      print(
        `\ncandidate ${row.id}, generation ${row.generation + 1}, island ${row.island + 1}, by ${row.operator}`,
      );
      if (row.parents.length > 0) print(`parents   ${row.parents.join(', ')}`);
      print(
        `scores    ${row.scores.length === 0 ? 'never trained' : row.scores.map((score) => score.toFixed(4)).join(', ')}`,
      );
      print(`trainings ${trainings.length}`);
      if (tuned !== undefined) print(`tuned     ${JSON.stringify(tuned)}`);
      if (final !== undefined)
        print(
          `final     ${final.score.toFixed(4)} (${final.scores.map((score) => score.toFixed(4)).join(', ')})`,
        );
    });
};
