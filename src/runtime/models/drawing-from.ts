import type { Random } from '../../random.js';

/**
 * Runs code that is not ours with `Math.random` drawing from a generator: TensorFlow.js's initialisers and dropout layers take
 * their seeds from it where they are given none. A promise is waited for.
 */
export function drawingFrom<T>(random: Random, run: () => T): T {
  const before = Math.random;
  const restore = (): void => {
    Math.random = before;
  };
  Math.random = () => random.next();
  let result: T;
  try {
    result = run();
  } catch (thrown) {
    restore();
    throw thrown;
  }
  if (result instanceof Promise) return result.finally(restore) as T;
  restore();
  return result;
}
