import type { ReportData } from './data.js';
import type { Html } from './html.js';
import { type Live, page } from './page.js';
import { candidates } from './sections/candidates.js';
import { comparison } from './sections/comparison.js';
import { front } from './sections/front.js';
import { learning } from './sections/learning.js';
import { lineage } from './sections/lineage.js';
import { overview } from './sections/overview.js';
import { progress } from './sections/progress.js';
import { rejected } from './sections/rejected.js';
import { reproduce } from './sections/reproduce.js';
import { time } from './sections/time.js';
import { winner } from './sections/winner.js';

const SECTIONS = [
  overview,
  winner,
  comparison,
  progress,
  front,
  learning,
  rejected,
  time,
  lineage,
  candidates,
  reproduce,
] as const;

/** The report of a search. */
export function searchPage(data: ReportData, live?: Live): Html {
  return page(
    `lossc: ${data.winner?.name ?? 'a search'}`,
    SECTIONS.map((part) => part(data)),
    live,
  );
}
