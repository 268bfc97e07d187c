import type { Executor } from '../../../src/evolve/executors/executor.js';
import type { Evaluator, TrainingJob } from '../../../src/evolve/model/evaluator.js';

/** How an executor of slots spends its time. */
export interface Slots {
  readonly slots: number;
  /** A training that has a slot ends when this does. */
  readonly lasts: (job: TrainingJob) => Promise<unknown>;
}

export async function sleep(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Answers of an evaluator, so many trainings at a time, in the order of asking, each recorded when it ends. */
export function slowExecutor({ analyse, probe, train }: Evaluator, { slots, lasts }: Slots): Executor {
  const waiting: (() => void)[] = [];
  let free = slots;
  // Once a record is not taken nothing more begins, as with a search that ends.
  let ended = false;
  const slot = async (): Promise<void> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next();
  };
  return {
    describe: async () => ({ backend: 'fake', device: 'none', tensorflow: 'none', liveTensors: 0 }),
    analyse,
    probe,
    train: (jobs, record) =>
      Promise.all(
        jobs.map(async (job, index) => {
          await slot();
          try {
            if (ended) throw new Error('the search has ended');
            await lasts(job);
            const [report] = await train([job]);
            record(index, report!);
            return report!;
          } catch (thrown) {
            ended = true;
            throw thrown;
          } finally {
            leave();
          }
        }),
      ),
    close: async () => {},
  };
}
