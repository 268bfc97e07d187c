import { pareto } from '../evolve/run/inspect.js';
import type { Pick } from '../evolve/search/pareto.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, JSON_ROW, type Rows } from './option-table.js';

interface ParetoOptions {
  readonly pick: Pick;
  readonly json?: boolean;
}

const ROWS: Rows<ParetoOptions> = {
  pick: {
    flags: '--pick <how>',
    says: 'which one to mark: the most accurate, the one with the steepest drop of the error per node (score), or that among the accurate ones (best)',
    choices: ['best', 'accuracy', 'score'],
    byDefault: 'best',
  },
  ...JSON_ROW,
};

/** `lossc pareto DIR`: the best loss of each size that beats everything smaller. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<dir>', 'folder of a run')
    .action((directory: string, options: ParetoOptions) => {
      const front = pareto(directory, options.pick);
      if (options.json) printJson(front);
      else if (front.length === 0) print('no loss of this run has been trained to the end yet');
      else {
        print('     nodes  accuracy  expression');
        for (const entry of front) {
          print(
            `${entry.picked ? '>>>>' : '    '} ${String(entry.size).padStart(5)}  ${entry.score.toFixed(4)}    ${entry.genome.join(' ; ')}`,
          );
        }
      }
    });
};
