/** The square of what is worked out once. */
export function squareOf(x: number): number {
  return x * x;
}
