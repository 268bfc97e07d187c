import type { NumberArray } from '../../compiler/evaluate/bind.js';

/**
 * Where inputs lie. `everyday`: logits within 60, probabilities from 1e-20 to the last number below 1, other numbers 0 or from 1e-6 to
 * 1e3 in size. `anywhere`: 0 or from 1e-35 to 1e35 in size, and the edges of domains: all of float32 but what guards keep free.
 */
export const REGIONS = ['everyday', 'anywhere'] as const;
export type Region = (typeof REGIONS)[number];

/** What a loss is given once: an item, or a small batch where items depend on each other. All numbers are of float32. */
export interface Point {
  readonly region: Region;
  /** By the name of the input, row by row. */
  readonly inputs: ReadonlyMap<string, Float64Array>;
}

/** Points as one batch, with the dimensions of an item of each input. */
export function joined(
  points: readonly Point[],
  itemShapes: ReadonlyMap<string, readonly number[]>,
  itemsEach: number,
): ReadonlyMap<string, NumberArray> {
  return new Map(
    [...itemShapes].map(([name, shape]) => {
      const rows = points.map(({ inputs }) => inputs.get(name)!);
      const width = itemsEach * shape.reduce((a, b) => a * b, 1);
      const data = new Float64Array(points.length * width);
      for (const [i, row] of rows.entries()) data.set(row, i * width);
      return [name, { shape: [points.length * itemsEach, ...shape], data }] as const;
    }),
  );
}
