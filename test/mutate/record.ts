/** What is known of a run, in a file that is written after every mutant, so that a run can be ended and taken up again. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFileSafely } from '../../src/files.js';
import type { CleanRun } from './clean-runs.js';
import type { Mutant } from './mutants.js';

export type Verdict =
  | { readonly killed: true; readonly by: 'types' | 'test' | 'time'; readonly how: string }
  | { readonly killed: false; readonly tests: number };

/** A mutant that was drawn, the tests that it has passed, and what came of it; nothing as long as it waits. */
export interface Entry {
  readonly mutant: Mutant;
  readonly passed: readonly string[];
  readonly verdict?: Verdict;
}

interface Stored {
  readonly seed: string;
  readonly entries: readonly Entry[];
  /** Runs without a mutant, by the stamps of the tests. */
  readonly clean: Readonly<{ [stamp: string]: CleanRun }>;
}

export class RunRecord {
  readonly #file: string;
  readonly #seed: string;
  readonly #entries: Map<string, Entry>;
  readonly #clean: { [stamp: string]: CleanRun };

  constructor(file: string, { seed, entries, clean }: Stored) {
    this.#file = file;
    this.#seed = seed;
    this.#entries = new Map(entries.map((entry) => [entry.mutant.key, entry]));
    this.#clean = { ...clean };
    this.#save();
  }

  static stored(file: string): Stored | undefined {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored) : undefined;
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  update(entry: Entry): void {
    this.#entries.set(entry.mutant.key, entry);
    this.#save();
  }

  cleanRun(stamp: string): CleanRun | undefined {
    return this.#clean[stamp];
  }

  rememberClean(stamp: string, run: CleanRun): void {
    this.#clean[stamp] = run;
    this.#save();
  }

  #save(): void {
    const stored: Stored = { seed: this.#seed, entries: this.entries, clean: this.#clean };
    writeFileSafely(this.#file, JSON.stringify(stored));
  }
}
