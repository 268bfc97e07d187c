/** Tensors that no backend here can hold: said before minutes are spent on filling them. */
import { RunError } from '../errors.js';

/** Bytes of one tensor, at most: WebAssembly has twice as many for everything, and V8 little more for one array. */
const LARGEST_TENSOR = 2 ** 31;

/** Throws a RunError for float32 tensors of a shape that does not fit. `what` begins the sentence. */
export function requireRoom(what: string, shape: readonly number[]): void {
  const bytes = shape.reduce((product, length) => product * length, 4);
  if (bytes < LARGEST_TENSOR) return;
  throw new RunError(
    `${what} of ${shape.join(' x ')} numbers would take ${(bytes / 2 ** 30).toFixed(1)} GiB, and a tensor can have at most ${LARGEST_TENSOR / 2 ** 30} GiB`,
    'use a smaller batch or a smaller model',
  );
}

/** What V8 says when there is no room for an array. */
const NO_ROOM = /^(?:Array buffer allocation failed|Invalid typed array length|Invalid array length)/;

/** A RunError for what was thrown for lack of memory; anything else as it is. */
export function memoryProblem(thrown: unknown): unknown {
  if (!(thrown instanceof RangeError) || !NO_ROOM.test(thrown.message)) return thrown;
  return new RunError(`out of memory: ${thrown.message}`, 'use a smaller batch or a smaller model', {
    cause: thrown,
  });
}
