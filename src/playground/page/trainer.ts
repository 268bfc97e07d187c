import type { TrainingAsk, TrainingNews } from '../training/messages.js';

/** A worker that trains until it ends, or is stopped: then it is gone, and the next training begins with another one. */
export class Trainer {
  #worker: Worker | undefined;

  get isRunning(): boolean {
    return this.#worker !== undefined;
  }

  /** `told` gets all news but what comes after it was stopped. */
  start(ask: TrainingAsk, told: (news: TrainingNews) => void): void {
    this.stop();
    const worker = new Worker(new URL('./training.js', import.meta.url), { type: 'module' });
    this.#worker = worker;
    const tell = (news: TrainingNews): void => {
      if (this.#worker !== worker) return;
      if (news.kind === 'ended' || news.kind === 'refused') this.stop();
      told(news);
    };
    worker.addEventListener('message', ({ data }: MessageEvent<TrainingNews>) => tell(data));
    worker.addEventListener('error', ({ message }) =>
      tell({ kind: 'refused', message: message || 'the worker that trains could not be started' }),
    );
    worker.postMessage(ask);
  }

  stop(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}
