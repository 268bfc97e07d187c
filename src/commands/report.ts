import { writeReport } from '../report/write-report.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';

/** `lossc report DIR`: one HTML page about a run, readable without a network. */
export const define: Define = (command) => {
  command
    .argument('<dir>', 'folder of a run')
    .option('--out <file>', 'where to write the page (default: report.html in the folder)')
    .action((directory: string, options: { out?: string }) => {
      print(
        `wrote ${options.out === undefined ? writeReport(directory) : writeReport(directory, options.out)}`,
      );
    });
};
