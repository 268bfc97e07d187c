/**
 * The one source of randomness: a seeded generator that is passed as an argument, forked by label, saved and restored.
 * sfc32 (Chris Doty-Humphrey, PractRand) has 128 bits of state and passes the usual batteries; speed is a few ns a draw.
 */
import { log } from '../compiler/elementary/logarithm.js';
import { cos } from '../compiler/elementary/trigonometric.js';

/** The four 32-bit words of a generator, as saved in a checkpoint. */
export type RandomState = readonly [number, number, number, number];

export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** Standard normal, Box-Muller (one draw of two is used, so the state is only the four words). */
  normal(): number;
  /** A uniform element. The list must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** An element with probability proportional to its weight. At least one weight must be positive. */
  weighted<T>(items: readonly T[], weight: (item: T) => number): T;
  /** A new array in uniformly random order (Fisher-Yates). */
  shuffled<T>(items: readonly T[]): T[];
  /** An independent generator that depends on this one's seed and the label, not on how many draws were made. */
  fork(label: string): Random;
  save(): RandomState;
}

/** FNV-1a over UTF-16 code units with a murmur finaliser: spreads a label over 32 bits. */
export function hash32(text: string, seed = 0): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** A generator for a seed: a number or any text. Equal seeds give equal sequences on every machine. */
export function createRandom(seed: number | string): Random {
  const text = String(seed);
  const warm = generator([hash32(text, 1), hash32(text, 2), hash32(text, 3), 1], text);
  for (let i = 0; i < 12; i++) warm.next();
  return warm;
}

/** Continues from a saved state. `label` is the seed text, which forks depend on. */
export function restoreRandom(state: RandomState, label: string): Random {
  return generator(state, label);
}

function generator(state: RandomState, label: string): Random {
  let [a, b, c, d] = state;
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  const int = (below: number): number => Math.floor(next() * below);
  return {
    next,
    int,
    normal: () => Math.sqrt(-2 * log(1 - next())) * cos(2 * Math.PI * next()),
    pick: (items) => items[int(items.length)]!,
    weighted: (items, weight) => {
      const total = items.reduce((sum, item) => sum + weight(item), 0);
      let left = next() * total;
      for (const item of items) {
        left -= weight(item);
        if (left < 0) return item;
      }
      return items.findLast((item) => weight(item) > 0)!;
    },
    shuffled: (items) => {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(i + 1);
        [copy[i], copy[j]] = [copy[j]!, copy[i]!];
      }
      return copy;
    },
    fork: (name) => createRandom(`${label}/${name}`),
    save: () => [a, b, c, d],
  };
}
