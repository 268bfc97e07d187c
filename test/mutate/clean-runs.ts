/** What every test file does when nothing is mutated: how long it takes, and what it reaches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Coverage, readCoverage } from './coverage.js';
import type { Scratch } from './scratch.js';

export interface CleanRun {
  readonly passes: boolean;
  readonly seconds: number;
  readonly coverage: Coverage;
}

const TOO_LONG = 900;

/** Where runs are kept from one run of the program to the next. */
interface Memory {
  /** Names a test file in the state in which it and all that it tests are. */
  readonly stamp: (file: string) => string;
  readonly known: (stamp: string) => CleanRun | undefined;
  readonly remember: (stamp: string, run: CleanRun) => void;
}

/** Each file is run when it is asked for, in a copy in which nothing is ever mutated. */
export class CleanRuns {
  readonly #scratch: Scratch;
  readonly #memory: Memory;
  readonly #runs = new Map<string, Promise<CleanRun>>();

  constructor(scratch: Scratch, memory: Memory) {
    this.#scratch = scratch;
    this.#memory = memory;
  }

  stamp(file: string): string {
    return this.#memory.stamp(file);
  }

  known(file: string): CleanRun | undefined {
    return this.#memory.known(this.stamp(file));
  }

  async of(file: string): Promise<CleanRun> {
    const known = this.known(file);
    if (known !== undefined) return known;
    const run = this.#runs.get(file) ?? this.#run(file);
    this.#runs.set(file, run);
    return run;
  }

  async #run(file: string): Promise<CleanRun> {
    const folder = mkdtempSync(join(tmpdir(), 'lossc-coverage-'));
    try {
      const { result, seconds } = await this.#scratch.test(file, TOO_LONG, folder);
      const run = {
        passes: result === 'passed',
        seconds,
        coverage: readCoverage(folder, this.#scratch.folder),
      };
      this.#memory.remember(this.stamp(file), run);
      return run;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}
