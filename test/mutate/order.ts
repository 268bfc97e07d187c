/** Which test file comes next for a mutant: the nearest, then whichever kills most in the least time. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SLOW } from '../runner/slow.js';

interface Work {
  readonly kills: number;
  readonly seconds: number;
}

/** How many mutants a file is thought to have seen before its first one. */
const GUESSED = 4;

export class Order {
  readonly #root: string;
  readonly #work = new Map<string, Work>();
  readonly #texts = new Map<string, string>();
  readonly #prices = new Map<string, number>();

  constructor(root: string) {
    this.#root = root;
  }

  learn(test: string, killed: boolean, seconds: number): void {
    const { kills, seconds: before } = this.#work.get(test) ?? { kills: 0, seconds: 0 };
    this.#work.set(test, { kills: kills + (killed ? 1 : 0), seconds: before + seconds });
  }

  /** How long a file takes without a mutant. */
  price(test: string, seconds: number): void {
    this.#prices.set(test, seconds);
  }

  sorted(tests: readonly string[], source: string): readonly string[] {
    return tests
      .map((test) => ({ test, score: this.#score(test, source) }))
      .sort((a, b) => b.score - a.score)
      .map(({ test }) => test);
  }

  /** Kills a second that can be expected, from what has been seen and how near the test is to the source. */
  #score(test: string, source: string): number {
    if (basename(test) === `${basename(source, '.ts')}.test.ts`) return Infinity;
    const { kills, seconds } = this.#work.get(test) ?? { kills: 0, seconds: 0 };
    const chance = this.#imports(test, source)
      ? 0.8
      : dirname(test) === `test/${dirname(source)}`
        ? 0.4
        : 0.15;
    const price = this.#prices.get(test) ?? (SLOW.includes(test) ? 60 : 3);
    return (GUESSED * chance + kills) / (GUESSED * price + seconds);
  }

  #imports(test: string, source: string): boolean {
    const text = this.#texts.get(test) ?? readFileSync(join(this.#root, test), 'utf8');
    this.#texts.set(test, text);
    return text.includes(`/${source.replace(/\.ts$/, '.js')}'`);
  }
}
