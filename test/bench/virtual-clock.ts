/** A clock that stands still while anything can be computed, and then jumps to the next moment that somebody waits for. */
export interface VirtualClock {
  now(): number;
  sleep(duration: number): Promise<void>;
  /** Runs work whose only waiting is for this clock. */
  run<T>(work: Promise<T>): Promise<T>;
}

export function virtualClock(): VirtualClock {
  let time = 0;
  const sleeping: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    now: () => time,
    sleep: (duration) =>
      new Promise((wake) => {
        const until = time + duration;
        const after = sleeping.findIndex((other) => other.until > until);
        sleeping.splice(after < 0 ? sleeping.length : after, 0, { until, wake });
      }),
    async run(work) {
      let done = false;
      const end = (): void => {
        done = true;
      };
      work.then(end, end);
      for (;;) {
        // Whatever follows from promises alone has happened by then.
        await new Promise((resolve) => setImmediate(resolve));
        if (done) return work;
        const next = sleeping.shift();
        if (next === undefined) throw new Error('everybody waits, and nobody sleeps');
        time = next.until;
        next.wake();
      }
    },
  };
}
