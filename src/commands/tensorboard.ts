/** `--tensorboard`: what a command measures, as files that TensorBoard reads while they grow. */

import { join } from 'node:path';
import { makeFolder, requireWritable } from '../files.js';
import type { ComparisonReport } from '../runtime/comparison-report.js';
import type { EventFile } from '../tensorboard/event-file.js';
import type { Rows } from './option-table.js';

export interface TensorBoardOptions {
  readonly tensorboard?: string;
}

export const TENSORBOARD_ROW: Rows<TensorBoardOptions> = {
  tensorboard: {
    flags: '--tensorboard <dir>',
    says: 'write TensorBoard event files into this folder',
    resumed: 'this sitting',
  },
};

/** Takes numbers over steps; nothing is written where none is asked for. */
export interface Scalars {
  readonly scalar: (tag: string, value: number, step: number) => void;
  readonly close: () => void;
}

const NOWHERE: Scalars = { scalar: () => {}, close: () => {} };

export async function scalarsFor({ tensorboard }: TensorBoardOptions): Promise<Scalars> {
  if (tensorboard === undefined) return NOWHERE;
  const { EventFile } = await import('../tensorboard/event-file.js');
  const file: EventFile = EventFile.in(tensorboard);
  return { scalar: (...entry) => file.scalar(...entry), close: () => file.close() };
}

/** The learning curve of each training of a comparison when it has ended, in a folder of its own: `LOSS/run N`. */
export async function curvesFor({
  tensorboard,
}: TensorBoardOptions): Promise<(report: ComparisonReport) => void> {
  if (tensorboard === undefined) return () => {};
  // Now, and not when the first trainings have ended.
  makeFolder(tensorboard);
  requireWritable(tensorboard);
  const { EventFile } = await import('../tensorboard/event-file.js');
  const written = new Set<string>();
  return ({ losses, metric }) => {
    for (const { name, runs } of losses)
      for (const { seed, curve } of runs) {
        const folder = join(tensorboard, name, folderName(seed));
        if (written.has(folder)) continue;
        written.add(folder);
        const file = EventFile.in(folder);
        for (const { step, value, loss } of curve) {
          file.scalar(`validation/${metric.label}`, value, step);
          if (Number.isFinite(loss)) file.scalar('loss', loss, step);
        }
        file.close();
      }
  };
}

/** `1/run 3` is `run 3`. */
const folderName = (seed: string): string =>
  seed
    .split('/')
    .at(-1)!
    .replaceAll(/[^\w.-]+/g, '-');
