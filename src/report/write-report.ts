/** `lossc report DIR`: the report of a search or a tuning, finished or not, as one HTML file. */

import { join } from 'node:path';
import { withRun } from '../evolve/run/inspect.js';
import { inspectTuning } from '../evolve/run/inspect-tuning.js';
import { readAnySettings } from '../evolve/store/read-settings.js';
import { writeFileSafely } from '../files.js';
import { collect } from './data.js';
import type { Html } from './html.js';
import type { Live } from './page.js';
import { searchPage } from './search-page.js';
import { tuningPage } from './tuning-page.js';

/** Writes the report and gives its path: `report.html` in the folder of the run by default otherwise. */
export function writeReport(directory: string, file: string = join(directory, 'report.html')): string {
  writeFileSafely(file, reportPage(directory).toString());
  return file;
}

/** The report of a search or a tuning as a page. Throws a RunError for a folder that is none of either. */
export function reportPage(directory: string, live?: Live): Html {
  return readAnySettings(directory).format === 'tuning 2'
    ? tuningPage(inspectTuning(directory), live)
    : withRun(directory, (run) => searchPage(collect(run), live));
}
