/** What `lossc evolve` shows while it searches. */

import type { Individual } from '../evolve/model/individual.js';
import type { SearchProgress } from '../evolve/search/progress.js';
import { duration, painted } from '../terminal.js';
import type { Scalars } from './tensorboard.js';

interface Told {
  /** A line that is written over. */
  readonly update: (line: string) => void;
  /** A line that stays. */
  readonly log: (line: string) => void;
  readonly scalars: Scalars;
}

/** One line that is written over, and one that stays for each generation, and its numbers. */
export function progressReporter({ update, log, scalars }: Told): (progress: SearchProgress) => void {
  let generation = -2;
  return (at) => {
    const left = at.secondsLeft === undefined ? '' : `  ${duration(at.secondsLeft)} left`;
    const rate = `${at.evaluationsPerMinute.toFixed(0)} trainings/min`;
    if (at.phase === 'search' && at.generation > generation && at.generation >= 0) {
      generation = at.generation;
      for (const [tag, value] of scalarsOf(at)) scalars.scalar(tag, value, at.generation + 1);
      const best = at.bestIndividual === undefined ? '' : painted('cyan', genomeText(at.bestIndividual));
      log(
        `generation ${at.generation + 1}  ${bestText(at)}  median ${at.median.toFixed(4)}  ${rate}  ${shares(at.rejected)}${left}  ${best}`,
      );
      return;
    }
    update(`${at.phase}  ${bestText(at)}  ${at.trainingsRunning} trainings  ${rate}${left}`);
  };
}

/** With the number of trainings that it is the mean of: the best may fall when one more joins them. */
function bestText({ best, bestIndividual }: SearchProgress): string {
  const trainings = bestIndividual?.scores.length ?? 0;
  return `best ${best.toFixed(4)}${trainings > 1 ? ` (mean of ${trainings})` : ''}`;
}

/** What TensorBoard shows over the generations. */
const scalarsOf = (at: SearchProgress): readonly (readonly [tag: string, value: number])[] => [
  ['fitness/best', at.best],
  ['fitness/median', at.median],
  ['trainings/all', at.evaluations],
  ['trainings/per minute', at.evaluationsPerMinute],
  ...Object.entries(at.rejected).map(([stage, share]) => [`not trained/${stage}`, share] as const),
];

/** Of all candidates, in percent: those that were not trained, and the stages that kept at least one in a hundred from it. */
function shares(rejected: SearchProgress['rejected']): string {
  const percent = (share: number): string => (100 * share).toFixed(0);
  const total = Object.values(rejected).reduce((a, b) => a + b, 0);
  const stages = Object.entries(rejected).filter(([, share]) => share >= 0.01);
  const listed = stages.map(([stage, share]) => `${stage} ${percent(share)}`).join(', ');
  return `${percent(total)} % not trained${listed === '' ? '' : ` (${listed})`}`;
}

export const genomeText = (individual: Individual): string => individual.genome.join(' ; ');
