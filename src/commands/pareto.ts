import { Option } from 'commander';
import { pareto } from '../evolve/run/inspect.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';

/** `lossc pareto DIR`: the best loss of each size that beats everything smaller. */
export const define: Define = (command) => {
  command
    .argument('<dir>', 'folder of a run')
    .addOption(
      new Option('--pick <how>', 'which one to mark').choices(['best', 'accuracy', 'score']).default('best'),
    )
    .option('--json', 'print JSON')
    .action((directory: string, options: { pick: 'best' | 'accuracy' | 'score'; json?: boolean }) => {
      const front = pareto(directory, options.pick);
      if (options.json) printJson(front);
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
