/** What is known of a run, in a file that is written after every mutant, so that a run can be ended and taken up again. */
import { existsSync, readFileSync } from 'node:fs';
import { writeFileSafely } from '../../src/files.js';
import type { CleanRun } from './clean-runs.js';
import type { Mutant } from './mutants.js';

export type Verdict =
  | { readonly killed: true; readonly by: 'types' | 'test' | 'time'; readonly how: string }
  | { readonly killed: false; readonly tests: number };

/** A mutant that was drawn, and what came of it; none as long as it waits. */
export interface Entry {
  readonly mutant: Mutant;
  readonly verdict?: Verdict;
}

interface Stored {
  readonly seed: string;
  readonly entries: readonly Entry[];
  /** Runs without a mutant, by what they depend on. */
  readonly clean: Readonly<Record<string, CleanRun>>;
}

export class RunRecord {
  readonly seed: string;
  readonly #file: string;
  readonly #entries = new Map<string, Entry>();
  readonly #clean: { [key: string]: CleanRun };

  constructor(
    file: string,
    seed: string,
    drawn: readonly Mutant[],
    clean: Readonly<{ [key: string]: CleanRun }> = {},
  ) {
    this.seed = seed;
    this.#file = file;
    this.#clean = { ...clean };
    for (const mutant of drawn) this.#entries.set(mutant.key, { mutant });
  }

  static stored(file: string): Stored | undefined {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Stored) : undefined;
  }

  get entries(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  get clean(): Readonly<{ [key: string]: CleanRun }> {
    return this.#clean;
  }

  decide(mutant: Mutant, verdict: Verdict): void {
    this.#entries.set(mutant.key, { mutant, verdict });
    this.save();
  }

  rememberClean(key: string, run: CleanRun): void {
    this.#clean[key] = run;
    this.save();
  }

  save(): void {
    const stored: Stored = { seed: this.seed, entries: this.entries, clean: this.#clean };
    writeFileSafely(this.#file, JSON.stringify(stored));
  }
}
