import { lineage } from '../evolve/run/inspect.js';
import { print, printJson } from '../terminal.js';
import { type Define, wholeNumber } from './command.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc lineage DIR [ID]`: a candidate and its ancestors. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<dir>', 'folder of a run')
    .argument('[id]', 'number of a candidate (default: the winner, or the best so far)', wholeNumber(0))
    .action((directory: string, id: number | undefined, options: { json?: boolean }) => {
      const steps = lineage(directory, id);
      if (options.json) printJson(steps);
      else {
        for (const step of steps) {
          const parents = step.parents.length === 0 ? '' : ` of ${step.parents.join(' and ')}`;
          print(
            `${String(step.id).padStart(6)}  generation ${String(step.generation + 1).padStart(3)}  ${step.score.toFixed(4)}  ${step.genome.join(' ; ')}  (${step.operator}${parents})`,
          );
        }
      }
    });
};
