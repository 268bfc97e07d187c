/** What carries jobs and answers between a coordinator and its workers. Both are texts here, named by the hash of the job. */

export interface QueuedText {
  /** Hash of the job (`jobId`). */
  readonly id: string;
  readonly text: string;
}

/** Says something to the person who watches; nothing follows from it. */
export type Notice = (text: string) => void;

/** Says each text only once. */
export function once(notice: Notice): Notice {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    notice(text);
  };
}

/** The coordinator's end. Answers arrive at least once, from every worker that gave one, and may be of jobs of others. */
export interface CoordinatorEnd {
  /** Puts jobs where workers find them; those that are there already stay as they are. */
  offer(jobs: readonly QueuedText[]): Promise<void>;
  /** Which of these no worker has or will find, and whether a worker is at one of the others. */
  look(ids: readonly string[]): Promise<{ readonly missing: readonly string[]; readonly active: boolean }>;
  /** Calls back for each answer, those of before included, until the end is closed. */
  listen(onAnswer: (answer: QueuedText) => void): void;
  /** The answer is in the ledger. */
  committed(id: string): void;
  /** Takes back what no worker has begun. */
  withdraw(ids: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** What became of a job. `giveBack`: another worker has to do it. */
export interface Handled {
  readonly answer?: string;
  readonly giveBack: boolean;
}

interface ServeOptions {
  /** Jobs at a time. */
  readonly slots: number;
  /** A worker that gives no sign of life for so long has lost its jobs to others. */
  readonly leaseSeconds: number;
  /** Never rejects. */
  readonly handle: (job: QueuedText) => Promise<Handled>;
  /** When it is raised, no further job is taken, and `serve` ends after those that are being handled. */
  readonly signal: AbortSignal;
}

/** The worker's end. */
export interface WorkerEnd {
  serve(options: ServeOptions): Promise<void>;
  close(): Promise<void>;
}

/** What `lossc doctor` tells of a queue. */
interface QueueReport {
  readonly server: string;
  /** What is wrong with it, in sentences. */
  readonly problems: readonly string[];
  /** Median milliseconds there and back. */
  readonly roundTrip: number;
}

export interface Transport {
  /** The queue as people may see it: without a password. */
  readonly shown: string;
  coordinate(): Promise<CoordinatorEnd>;
  work(worker: string): Promise<WorkerEnd>;
  examine(): Promise<QueueReport>;
}
