import * as assert from 'uvu/assert';

/** Asserts |actual - expected| <= tolerance * max(1, |expected|), elementwise; equal infinities and two NaN are close. */
export function assertClose(
  actual: number | ArrayLike<number>,
  expected: number | ArrayLike<number>,
  tolerance = 1e-6,
  context = '',
): void {
  const a = typeof actual === 'number' ? [actual] : Array.from(actual);
  const b = typeof expected === 'number' ? [expected] : Array.from(expected);
  assert.is(a.length, b.length, `${context} length ${a.length}, expected ${b.length}`);
  for (const [i, x] of a.entries()) {
    const y = b[i]!;
    const close = Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y));
    assert.ok(close, `${context} [${i}]: ${x}, expected ${y} within ${tolerance}`);
  }
}
