/** Work that tells what happens on its way: a promise of its result, and events to iterate over until then. */
export interface Told<E, R> extends Promise<R>, AsyncIterable<E> {}

/** Begins the work. Each loop over the events sees those from its beginning on, and throws where the work fails. */
export function told<E, R>(work: (tell: (event: E) => void) => Promise<R>): Told<E, R> {
  const readers = new Set<(event: E) => void>();
  const result = work((event) => {
    for (const read of readers) read(event);
  });
  async function* events(): AsyncGenerator<E, void> {
    const queue: E[] = [];
    let ended = false;
    let wake = (): void => {};
    const read = (event: E): void => {
      queue.push(event);
      wake();
    };
    const end = (): void => {
      ended = true;
      wake();
    };
    readers.add(read);
    result.then(end, end);
    try {
      while (!ended || queue.length > 0) {
        if (queue.length > 0) yield queue.shift()!;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      await result;
    } finally {
      readers.delete(read);
    }
  }
  return Object.assign(result, { [Symbol.asyncIterator]: events });
}
