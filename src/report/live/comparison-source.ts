import type { ComparisonReport } from '../../runtime/comparison-report.js';
import { pageLooks } from '../looks.js';
import { page } from '../page.js';
import { comparison } from '../sections/comparison.js';
import type { LiveSource } from './serve.js';

/** A comparison that is being made: it is told what is known by now. */
export class ComparisonSource implements LiveSource {
  #report: ComparisonReport | undefined;
  #count = 0;

  readonly show = (report: ComparisonReport): void => {
    this.#report = report;
    this.#count++;
  };

  readonly version = (): string => String(this.#count);

  readonly page = (version: string): ReturnType<typeof page> => {
    const report = this.#report;
    const names = report?.losses.map(({ name }) => name) ?? [];
    const title = names.length === 0 ? 'lossc: a comparison' : `lossc: ${names.join(', ')}`;
    const waiting = 'No training has finished yet.';
    return page(title, [comparison({ comparison: report, looks: pageLooks(names) }, waiting)], { version });
  };
}
