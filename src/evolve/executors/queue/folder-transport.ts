/**
 * A queue in a folder that all machines share (NFS, or the disk of one machine). A job is a file; whoever renames it has it, for of
 * several renames of one file one succeeds.
 *
 *     jobs/ID.json              waiting
 *     claims/ID@WORKER.json     taken
 *     answers/ID@WORKER.N.json  answered, N of this worker's answers
 *     workers/WORKER            a number that the worker raises as long as it lives
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, RunError, readProblem } from '../../../errors.js';
import { makeFolder, requireWritable, writeFileSafely } from '../../../files.js';
import { hash32 } from '../../../random.js';
import { medianOf } from '../../cmaes/stop.js';
import { type CoordinatorEnd, type Notice, once, type Transport, type WorkerEnd } from './transport.js';

const PARTS = ['jobs', 'claims', 'answers', 'workers'] as const;
type Part = (typeof PARTS)[number];

/** Milliseconds between two looks into the folder, of somebody who has nothing to do. */
const LOOK = 500;
/** Claims and answers: the job, and whose they are. */
const OWNED = /^([0-9a-f]{64})@([\w.-]+)\.json$/;
const WAITING = /^([0-9a-f]{64})\.json$/;

export function folderTransport(folder: string, notice: Notice): Transport {
  return {
    shown: folder,
    async coordinate() {
      prepare(folder);
      return coordinatorEnd(folder, notice);
    },
    async work(worker) {
      prepare(folder);
      return workerEnd(folder, worker, notice);
    },
    async examine() {
      prepare(folder);
      const trips = Array.from({ length: TRIPS }, () => roundTrip(folder));
      return { server: 'a folder', problems: [], roundTrip: medianOf(trips) };
    },
  };
}

const TRIPS = 5;

/** Milliseconds to write a file, take it, and read it. */
function roundTrip(folder: string): number {
  const [from, to] = ['trial', 'trial-taken'].map((name) =>
    join(folder, 'workers', `${name}.${process.pid}`),
  );
  const start = performance.now();
  writeFileSafely(from!, 'x');
  renameSync(from!, to!);
  readFileSync(to!, 'utf8');
  rmSync(to!);
  return performance.now() - start;
}

/** Makes what is missing. Throws a RunError for a folder that is something else. */
function prepare(folder: string): void {
  requireWritable(folder);
  makeFolder(folder);
  const others = readdirSync(folder).filter((name) => !(PARTS as readonly string[]).includes(name));
  if (others.length > 0)
    throw new RunError(
      `${folder} is not a queue: it contains ${others[0]}`,
      'use a separate folder, which may be empty or new',
    );
  for (const part of PARTS) makeFolder(join(folder, part));
}

interface Owned {
  readonly id: string;
  readonly worker: string;
  readonly file: string;
}

const waitingIn = (folder: string): string[] =>
  readdirSync(join(folder, 'jobs')).flatMap((name) => WAITING.exec(name)?.[1] ?? []);

function ownedIn(folder: string, part: Part): Owned[] {
  return readdirSync(join(folder, part)).flatMap((name) => {
    const [, id, worker] = OWNED.exec(name) ?? [];
    return id === undefined ? [] : [{ id, worker: worker!, file: join(folder, part, name) }];
  });
}

const jobFile = (folder: string, id: string): string => join(folder, 'jobs', `${id}.json`);
const ownedFile = (folder: string, part: Part, id: string, worker: string): string =>
  join(folder, part, `${id}@${worker}.json`);

/** Undefined where it is gone: others take and remove files, too. */
function contentOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function coordinatorEnd(folder: string, notice: Notice): CoordinatorEnd {
  const pulses = pulseWatch(folder);
  const told = once(notice);
  const seen = new Set<string>();
  const done = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  return {
    async offer(jobs) {
      const claimed = new Set(ownedIn(folder, 'claims').map(({ id }) => id));
      for (const { id, text } of jobs)
        if (!claimed.has(id) && !existsSync(jobFile(folder, id))) writeFileSafely(jobFile(folder, id), text);
    },
    async look(ids) {
      const waiting = new Set(waitingIn(folder));
      const active = new Set<string>();
      for (const { id, worker, file } of ownedIn(folder, 'claims')) {
        if (pulses.isAlive(worker)) active.add(id);
        else if (takeFile(file, jobFile(folder, id))) waiting.add(id);
      }
      return {
        missing: ids.filter((id) => !waiting.has(id) && !active.has(id)),
        active: ids.some((id) => active.has(id)),
      };
    },
    listen(onAnswer) {
      timer = setInterval(() => {
        try {
          for (const { id, file } of ownedIn(folder, 'answers')) {
            if (!seen.has(file)) {
              const text = contentOf(file);
              if (text === undefined) continue;
              seen.add(file);
              onAnswer({ id, text });
            }
            if (done.has(id)) rmSync(file, { force: true });
          }
        } catch (thrown) {
          told(`${folder} cannot be read: ${messageOf(thrown)}; trying again`);
        }
      }, LOOK);
    },
    committed: (id) => done.add(id),
    async withdraw(ids) {
      for (const id of ids) rmSync(jobFile(folder, id), { force: true });
    },
    async close() {
      clearInterval(timer);
    },
  };
}

/** Renames a file; false where somebody else was first. */
function takeFile(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (thrown) {
    // On NFS a rename that took place may be reported as one that did not, when the answer of the server was lost.
    if (existsSync(to) && !existsSync(from)) return true;
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw new RunError(`cannot write ${to}: ${readProblem(thrown)}`);
  }
}

/** What a worker writes into its file: how often it did, and after how many seconds of silence it counts as lost. */
const pulseText = (count: number, leaseSeconds: number): string => `${count} ${leaseSeconds}\n`;

/** Tells who has been silent for too long, by the clock of whoever watches: those of machines differ. */
function pulseWatch(folder: string) {
  const heard = new Map<string, { readonly text: string; readonly at: number }>();
  return {
    isAlive(worker: string): boolean {
      const text = contentOf(join(folder, 'workers', worker)) ?? '';
      const before = heard.get(worker);
      const now = performance.now();
      if (before?.text !== text) {
        heard.set(worker, { text, at: now });
        return true;
      }
      const lease = Number(text.split(' ')[1] ?? 0);
      return now - before.at < 1000 * (Number.isFinite(lease) ? lease : 0);
    },
  };
}

/** Signs of life in the time after which a worker counts as lost. */
const PULSES = 4;

function workerEnd(folder: string, worker: string, notice: Notice): WorkerEnd {
  const pulse = join(folder, 'workers', worker);
  const told = once(notice);
  let answered = 0;
  return {
    async serve({ slots, leaseSeconds, handle, signal }) {
      let count = 0;
      const beat = (): void => {
        try {
          // In place: whoever opens the file on another machine sees what was written before.
          writeFileSync(pulse, pulseText(count++, leaseSeconds));
        } catch (thrown) {
          told(`cannot write ${pulse}: ${readProblem(thrown)}; trying again`);
        }
      };
      beat();
      const beats = setInterval(beat, (1000 * leaseSeconds) / PULSES);
      const busy = new Set<Promise<void>>();
      try {
        while (!signal.aborted) {
          const id = busy.size < slots ? claim() : undefined;
          if (id === undefined) {
            const rest = waiting(LOOK, signal);
            await Promise.race([...busy, rest.over]);
            rest.end();
          } else {
            const work = one(id).finally(() => busy.delete(work));
            busy.add(work);
          }
        }
        await Promise.all(busy);
      } finally {
        clearInterval(beats);
      }
      rmSync(pulse, { force: true });

      /** Workers begin in different places of the list, so that they seldom want the same job. */
      function claim(): string | undefined {
        try {
          const ids = waitingIn(folder);
          for (let i = 0, start = hash32(worker); i < ids.length; i++) {
            const id = ids[(start + i) % ids.length]!;
            if (takeFile(jobFile(folder, id), ownedFile(folder, 'claims', id, worker))) return id;
          }
        } catch (thrown) {
          told(`${folder} cannot be used: ${messageOf(thrown)}; trying again`);
        }
        return undefined;
      }

      async function one(id: string): Promise<void> {
        const mine = ownedFile(folder, 'claims', id, worker);
        const text = contentOf(mine);
        // It was taken from this worker, which must have been silent.
        if (text === undefined) return;
        const { answer, giveBack } = await handle({ id, text });
        if (answer !== undefined) {
          const named = `${worker}.${answered++}`;
          await publish(ownedFile(folder, 'answers', id, named), answer);
        }
        try {
          if (giveBack) takeFile(mine, jobFile(folder, id));
          else rmSync(mine, { force: true });
        } catch (thrown) {
          told(`${folder} cannot be used: ${messageOf(thrown)}`);
        }
      }
    },
    async close() {},
  };

  async function publish(file: string, answer: string): Promise<void> {
    for (;;) {
      try {
        return writeFileSafely(file, answer);
      } catch (thrown) {
        told(`${messageOf(thrown)}; trying again`);
        await waiting(LOOK).over;
      }
    }
  }
}

/** So many milliseconds, or less where the signal is raised or it is ended. */
function waiting(milliseconds: number, signal?: AbortSignal) {
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(() => end(), milliseconds);
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    signal?.addEventListener('abort', end, { once: true });
  });
  return { over, end: () => end() };
}
