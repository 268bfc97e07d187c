import { readAnySettings } from '../evolve/store/read-settings.js';
import { folderSource } from '../report/live/folder-source.js';
import { writeReport } from '../report/write-report.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';
import { interruptible } from './run-options.js';
import { portNumber, serving } from './serving.js';

interface ReportOptions {
  readonly out?: string;
  /** A port; true for a free one. */
  readonly live?: number | true;
}

const ROWS: Rows<ReportOptions> = {
  out: {
    flags: '--out <file>',
    says: 'where to write the report (default: report.html in the folder)',
    unusable: ({ given }) =>
      given.has('live') ? 'contradicts --live, which serves the report and writes no file' : undefined,
  },
  live: {
    flags: '--live [port]',
    says: 'serve the report on this machine instead and keep it up to date, until Ctrl-C (default: a free port)',
    read: portNumber,
  },
};

/** `lossc report DIR`: one HTML page about a run, readable without a network. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<dir>', 'folder of a run')
    .action((directory: string, { out, live }: ReportOptions) => {
      if (live !== undefined) return follow(directory, live);
      print(`wrote ${out === undefined ? writeReport(directory) : writeReport(directory, out)}`);
    });
};

/** Until the user ends it. */
async function follow(directory: string, port: number | true): Promise<void> {
  // A folder that is none of a run is a mistake now, not something to wait for.
  readAnySettings(directory);
  const interrupt = interruptible();
  const close = await serving({ serve: port }, folderSource(directory), print);
  if (!interrupt.signal.aborted)
    await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve));
  interrupt.done();
  await close();
}
