/** Trainings that are remembered: a study that was interrupted makes none of them twice, and one with other questions takes what it has. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { RunError, readProblem } from '../errors.js';
import { makeFolder } from '../files.js';
import { parseJson } from '../read-json.js';
import type { ComparisonRunner } from '../runtime/compare-runner.js';
import type { ComparisonRun } from '../runtime/comparison-run.js';
import { COMPARISON_RUN } from '../runtime/stored-run.js';
import { jsonNumber } from '../terminal.js';

const LINE = v.object({ key: v.string(), run: COMPARISON_RUN });

/** The trainings of a folder, a line of `trainings.jsonl` for each. */
export class StoredRuns {
  readonly #file: string;
  readonly #runs = new Map<string, ComparisonRun>();
  /** Where the whole lines end, if the last one was not written to its end. */
  #wholeBytes: number | undefined;

  /** Throws a RunError for a file that is damaged; a last line that was cut short by the end of the process is left out. */
  constructor(folder: string) {
    this.#file = join(folder, 'trainings.jsonl');
    if (!existsSync(this.#file)) return;
    const text = readFileSync(this.#file, 'utf8');
    const lines = text.split('\n');
    const last = lines.pop()!;
    if (last !== '') this.#wholeBytes = Buffer.byteLength(text.slice(0, -last.length));
    for (const [i, line] of lines.entries()) {
      if (line === '') continue;
      const { key, run } = parseJson(
        line,
        LINE,
        `line ${i + 1} of ${this.#file}`,
        'delete the line: its training is made again',
      );
      this.#runs.set(key, run);
    }
  }

  get count(): number {
    return this.#runs.size;
  }

  /**
   * What `runner` would do, of which is left out what is known. `world` says all that a training depends on beyond its request, and
   * `textOf` what the loss of a name is.
   */
  remembering(runner: ComparisonRunner, world: string, textOf: (name: string) => string): ComparisonRunner {
    return {
      train: async (request) => {
        const { compared, learningRate, factor, seed, phase } = request;
        const asked = JSON.stringify([world, textOf(compared.name), learningRate, factor, seed, phase]);
        const key = createHash('sha256').update(asked).digest('hex').slice(0, 32);
        const known = this.#runs.get(key);
        if (known !== undefined) return known;
        const run = await runner.train(request);
        if (run !== undefined) this.#add(key, run);
        return run;
      },
    };
  }

  #add(key: string, run: ComparisonRun): void {
    try {
      makeFolder(dirname(this.#file));
      if (this.#wholeBytes !== undefined) truncateSync(this.#file, this.#wholeBytes);
      this.#wholeBytes = undefined;
      appendFileSync(this.#file, `${JSON.stringify({ key, run }, jsonNumber)}\n`);
    } catch (thrown) {
      throw new RunError(`cannot write ${this.#file}: ${readProblem(thrown)}`, undefined, { cause: thrown });
    }
    this.#runs.set(key, run);
  }
}
