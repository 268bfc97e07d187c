/** Which test file comes next for a mutant: the nearest, then whichever kills most in the least time. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { SLOW } from '../runner/slow.js';

interface Work {
  readonly runs: number;
  readonly kills: number;
  readonly seconds: number;
}

const NONE: Work = { runs: 0, kills: 0, seconds: 0 };
/** How many mutants a file is thought to have seen before its first one. */
const GUESSED = 3;
/** The emitted code of many losses letter by letter: little of the compiler can change without a trace in it. */
const SHARP = ['test/compiler/emit/golden.test.ts'];

/** The words of a path after its first folder, without what makes them plurals. */
const words = (path: string): ReadonlySet<string> =>
  new Set(
    path
      .replace(/^(test\/)?(src\/)?\w+\//, '')
      .split(/[^a-z]+/)
      .map((word) => word.replace(/s$/, '')),
  );

/** How many words two paths share: `test/compiler/guards.test.ts` is about `compiler/guard/bounds.ts`. */
function shared(test: string, source: string): number {
  const others = words(source.replace(/\.ts$/, ''));
  return [...words(test.replace(/\.test\.ts$/, ''))].filter((word) => others.has(word)).length;
}

export class Order {
  readonly #root: string;
  readonly #work = new Map<string, Work>();
  readonly #texts = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /** A test file has been run against a mutant. `seconds` are those of a processor. */
  learn(test: string, killed: boolean, seconds: number): void {
    const before = this.#work.get(test) ?? NONE;
    this.#work.set(test, {
      runs: before.runs + 1,
      kills: before.kills + (killed ? 1 : 0),
      seconds: before.seconds + seconds,
    });
  }

  runs(test: string): number {
    return this.#work.get(test)?.runs ?? 0;
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
    const { runs, kills, seconds } = this.#work.get(test) ?? NONE;
    const sure = this.#imports(test, source) || SHARP.includes(test);
    const chance = sure ? 0.8 : Math.min(0.8, 0.1 + 0.2 * shared(test, source));
    const price = runs > 0 ? seconds / runs : SLOW.includes(test) ? 30 : 2;
    return (GUESSED * chance + kills) / (GUESSED + runs) / price;
  }

  #imports(test: string, source: string): boolean {
    const text = this.#texts.get(test) ?? readFileSync(join(this.#root, test), 'utf8');
    this.#texts.set(test, text);
    return text.includes(`/${source.replace(/\.ts$/, '.js')}'`);
  }
}
