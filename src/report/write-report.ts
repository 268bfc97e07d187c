/** `lossc report DIR`: the report of a run, finished or not, as one HTML file. */
import { join } from 'node:path';
import { withRun } from '../evolve/run/inspect.js';
import { writeAtomic } from '../evolve/store/files.js';
import { collect } from './data.js';
import { reportPage } from './page.js';

/** Writes the report and gives its path: `report.html` in the folder of the run unless told otherwise. */
export function writeReport(directory: string, file: string = join(directory, 'report.html')): string {
  const page = withRun(directory, (run) => reportPage(collect(run)));
  writeAtomic(file, page);
  return file;
}
