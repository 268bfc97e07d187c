import type { Asks, Kind, Reply, Request } from '../messages.js';

/** Milliseconds that one answer may take: more than the longest explanation, and less than a person waits. */
const LIMIT = 15_000;

/** There is no answer: the message says why. */
export class Refused extends Error {}

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

/** A worker that is asked, ended when it takes too long over an answer, and started again. */
export class Client {
  #worker: Worker | undefined;
  #timer: number | undefined;
  /** A slow network is no slow answer: what is asked for waits until the worker has started. */
  #isReady = false;
  #last = 0;
  readonly #waiting = new Map<number, Waiting>();

  /** Throws `Refused` where there is no answer. */
  ask<K extends Kind>(kind: K, ask: Asks[K]['ask']): Promise<Asks[K]['answer']> {
    this.#worker ??= this.#start();
    this.#last += 1;
    const request: Request<K> = { id: this.#last, kind, ask };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker!.postMessage(request);
      this.#startTimer();
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => this.#receive(data));
    worker.addEventListener('error', () => this.#end('The web worker of this page could not be started.'));
    return worker;
  }

  #startTimer(): void {
    if (!this.#isReady || this.#waiting.size === 0) return;
    this.#timer ??= window.setTimeout(() => {
      const seconds = LIMIT / 1000;
      this.#end(
        `The compiler took more than ${seconds} seconds and was restarted. Change the text to continue.`,
      );
    }, LIMIT);
  }

  #stopTimer(): void {
    window.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #receive(reply: Reply): void {
    if ('ready' in reply) {
      this.#isReady = true;
      this.#startTimer();
      return;
    }
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    this.#stopTimer();
    this.#startTimer();
    if ('refused' in reply) waiting?.reject(new Refused(reply.refused));
    else waiting?.resolve(reply.answer as never);
  }

  #end(reason: string): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#isReady = false;
    this.#stopTimer();
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of all) reject(new Refused(reason));
  }
}

/** An answer, or nothing where it is refused. */
export async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Runs one at a time, and of those that came meanwhile only the last. */
export function latest<A>(run: (ask: A) => Promise<void>): (ask: A) => void {
  let isRunning = false;
  let next: { readonly ask: A } | undefined;
  const start = async (ask: A): Promise<void> => {
    isRunning = true;
    try {
      await run(ask);
    } finally {
      isRunning = false;
      const waiting = next;
      next = undefined;
      if (waiting !== undefined) void start(waiting.ask);
    }
  };
  return (ask) => {
    if (isRunning) next = { ask };
    else void start(ask);
  };
}
