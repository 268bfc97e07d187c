import { pareto } from '../evolve/run/inspect.js';
import type { Pick } from '../evolve/search/pareto.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { fitnessText } from '../report/sections/task.js';
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
    says: 'which loss to mark: highest score, steepest gain per node, or best, the steepest among those with high scores',
    choices: ['best', 'highest', 'steepest'],
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
      const what = fitnessText(readRunSettings(directory));
      if (options.json) printJson({ fitness: { is: what, goal: 'higher' }, front });
      else if (front.length === 0) print('no loss of this run has been fully trained yet');
      else {
        print(`score: ${what}; higher is better`);
        print('     nodes   score  expression');
        for (const entry of front) {
          print(
            `${entry.picked ? '>>>>' : '    '} ${String(entry.size).padStart(5)}  ${entry.score.toFixed(4)}  ${entry.genome.join(' ; ')}`,
          );
        }
      }
    });
};
