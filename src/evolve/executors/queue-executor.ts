/** An executor whose trainings are made by the workers of a queue, on any machines; screening is done by another one, here. */
import type { CommonSettings } from '../model/run-settings.js';
import type { WorkerSetup } from '../training/protocol.js';
import type { Executor } from './executor.js';
import { createCoordinator } from './queue/coordinator.js';
import { hashesOf } from './queue/local-files.js';
import { JOB_FORMAT, type SearchJob } from './queue/messages.js';
import { openQueue } from './queue/open-queue.js';
import type { CoordinatorEnd, Notice } from './queue/transport.js';

/** Which queue, and where to say what happens on it. */
export interface QueueRunning {
  /** A URL of Redis, or a folder. */
  readonly queue: string;
  readonly notice: Notice;
}

/** A queue that could be reached. */
export interface JoinedQueue extends QueueRunning {
  readonly end: CoordinatorEnd;
  /** The queue's name for people. */
  readonly shown: string;
}

/** Throws a RunError or UsageError that says why a queue cannot be used. */
export async function joinQueue({ queue, notice }: QueueRunning): Promise<JoinedQueue> {
  const transport = openQueue(queue, notice);
  return { queue, notice, shown: transport.shown, end: await transport.coordinate() };
}

/** What trainings depend on besides their jobs. */
type Questions = Pick<CommonSettings, 'environment' | 'limits' | 'task'> & Pick<WorkerSetup, 'subject'>;

/**
 * Answers are recorded in the order of the jobs, so that the ledger does not tell who was fast. What came early waits on the queue, where
 * a resumed run finds it.
 */
export function overQueue(
  local: Executor,
  { end, shown, notice }: JoinedQueue,
  { environment, limits, subject, ...given }: Questions,
): Executor {
  const coordinator = createCoordinator(end, shown, notice);
  const task = withoutFolders(given.task);
  const files = hashesOf(task);
  return {
    ...local,
    async train(jobs, record) {
      const asked = jobs.map((job) => {
        const whole: SearchJob = {
          format: JOB_FORMAT,
          environment,
          limits,
          task,
          subject,
          files,
          job,
        };
        const answer = coordinator.ask(JSON.stringify(whole));
        // It is waited for below, after those before it.
        answer.catch(() => {});
        return answer;
      });
      const reports = [];
      for (const [index, answer] of asked.entries()) {
        const { id, report } = await answer;
        record(index, report);
        coordinator.committed(id);
        reports.push(report);
      }
      return reports;
    },
    async close() {
      await Promise.all([coordinator.close(), local.close()]);
    },
  };
}

/** Every machine has its data files in its own place. */
export const withoutFolders = (task: CommonSettings['task']): CommonSettings['task'] => ({
  ...task,
  cases: task.cases.map(({ data: _, ...rest }) => rest),
});
