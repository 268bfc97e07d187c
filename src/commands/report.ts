import { writeReport } from '../report/write-report.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

interface ReportOptions {
  readonly out?: string;
}

const ROWS: Rows<ReportOptions> = {
  out: {
    flags: '--out <file>',
    says: 'where to write the page (default: report.html in the folder)',
  },
};

/** `lossc report DIR`: one HTML page about a run, readable without a network. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<dir>', 'folder of a run')
    .action((directory: string, options: ReportOptions) => {
      print(
        `wrote ${options.out === undefined ? writeReport(directory) : writeReport(directory, options.out)}`,
      );
    });
};
