/**
 * Asks the workers of a queue and waits for what they answer. Jobs may be trained twice, get lost with a worker or with the whole
 * queue, and be answered by somebody before: what is asked gets one answer all the same, and answers that differ are told of.
 */
import { messageOf, RunError } from '../../../errors.js';
import type { TrainingReport } from '../../model/evaluator.js';
import { comparable, jobId, readAnswer } from './messages.js';
import { type CoordinatorEnd, type Notice, once, type QueuedText } from './transport.js';

export interface Coordinator {
  /** The answer, whenever it comes. Rejects where a worker says that nobody can do the job. */
  ask(job: string): Promise<{ readonly id: string; readonly report: TrainingReport }>;
  /** The answer is in the ledger. */
  committed(id: string): void;
  close(): Promise<void>;
}

/** Milliseconds between two looks at what has become of the jobs. */
const LOOK = 2000;
/** Looks in a row that must miss a job before it is offered again: its answer may be on its way. */
const MISSED = 2;
/** Looks without a worker at any job after which that is said. */
const NOBODY = 15;
/** Disagreements that are told of one by one. */
const MOST_TOLD = 10;

interface Asked {
  readonly job: QueuedText;
  readonly resolve: (report: TrainingReport) => void;
  readonly reject: (reason: Error) => void;
  readonly promise: Promise<TrainingReport>;
  missed: number;
}

/** `shown` is the queue's name for people. */
export function createCoordinator(end: CoordinatorEnd, shown: string, notice: Notice): Coordinator {
  const asked = new Map<string, Asked>();
  /** First answers of all that was seen. */
  const first = new Map<string, { readonly worker: string; readonly report: TrainingReport }>();
  const told = once(notice);
  let disagreements = 0;
  let unattended = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  function take({ id, text }: QueuedText): void {
    const open = asked.get(id);
    let answer: ReturnType<typeof readAnswer>;
    try {
      answer = readAnswer(text);
    } catch (thrown) {
      told(`something on ${shown} is not an answer of a worker: ${messageOf(thrown)}`);
      return;
    }
    const { worker } = answer;
    if (answer.kind === 'refused') {
      if (open !== undefined) told(`the worker ${worker} does not take part: ${answer.reason}`);
      return;
    }
    if (answer.kind === 'invalid') {
      asked.delete(id);
      open?.reject(new RunError(`the worker ${worker} says that its job is wrong: ${answer.reason}`));
      return;
    }
    const before = first.get(id);
    if (before !== undefined && before.report.score !== null) compare(id, before, worker, answer.report);
    else if (open !== undefined || answer.report.score !== null)
      first.set(id, { worker, report: answer.report });
    asked.delete(id);
    open?.resolve(first.get(id)!.report);
  }

  function compare(
    id: string,
    before: { readonly worker: string; readonly report: TrainingReport },
    worker: string,
    report: TrainingReport,
  ): void {
    const [one, other] = [comparable(before.report), comparable(report)];
    if (one === other || one === undefined || other === undefined || worker === before.worker) return;
    disagreements++;
    if (disagreements > MOST_TOLD) return;
    const more = disagreements === MOST_TOLD ? '; further ones are not shown' : '';
    notice(
      `two workers disagree about one training (${id.slice(0, 12)}): ${before.worker} has ${before.report.score}, ${worker} has ${report.score}; the first one counts, but these machines do not compute the same numbers${more}`,
    );
  }

  async function offer(jobs: readonly QueuedText[]): Promise<void> {
    try {
      await end.offer(jobs);
    } catch (thrown) {
      // They will be missing at the next look.
      told(`${shown} does not accept jobs: ${messageOf(thrown)}; trying again`);
    }
  }

  let together: QueuedText[] = [];
  let offering: Promise<void> | undefined;
  /** What is asked for at the same moment is offered in one message. */
  function offerTogether(job: QueuedText): Promise<void> {
    together.push(job);
    offering ??= Promise.resolve().then(() => {
      const jobs = together;
      together = [];
      offering = undefined;
      return offer(jobs);
    });
    return offering;
  }

  async function look(): Promise<void> {
    const { missing, active } = await end.look([...asked.keys()]);
    const lost: QueuedText[] = [];
    for (const one of asked.values()) {
      one.missed = missing.includes(one.job.id) ? one.missed + 1 : 0;
      if (one.missed < MISSED) continue;
      one.missed = 0;
      lost.push(one.job);
    }
    if (lost.length > 0) await offer(lost);
    unattended = active ? 0 : unattended + 1;
    if (unattended === NOBODY)
      notice(`no worker is taking jobs from ${shown}; on any machine: lossc worker --queue ${shown}`);
  }

  /** As long as something is asked. */
  function watch(): void {
    if (timer !== undefined || closed) return;
    timer = setTimeout(async () => {
      try {
        if (asked.size > 0) await look();
      } catch (thrown) {
        told(`${shown} does not answer: ${messageOf(thrown)}; trying again`);
      }
      timer = undefined;
      if (asked.size > 0) watch();
    }, LOOK);
  }

  end.listen(take);
  return {
    async ask(text) {
      const id = jobId(text);
      const known = first.get(id);
      // What failed is asked again, as the ledger does.
      if (known !== undefined && known.report.score !== null) return { id, report: known.report };
      const open = asked.get(id);
      if (open !== undefined) return { id, report: await open.promise };
      first.delete(id);
      const job = { id, text };
      const { promise, ...settle } = deferred<TrainingReport>();
      asked.set(id, { job, ...settle, promise, missed: 0 });
      await offerTogether(job);
      watch();
      return { id, report: await promise };
    },
    committed: (id) => end.committed(id),
    async close() {
      closed = true;
      clearTimeout(timer);
      try {
        await end.withdraw([...asked.keys()]);
      } catch {
        // Workers will train for nobody.
      }
      await end.close();
    },
  };
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Whoever waits sees it; a run that was left does not.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
