/** One mutant: whether its types are right, then the tests of its folder, until one of them fails. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CleanRuns } from './clean-runs.js';
import { reaches } from './coverage.js';
import { type Mutant, mutated } from './mutants.js';
import type { Order } from './order.js';
import type { Verdict } from './record.js';
import type { Scratch } from './scratch.js';
import { folderOf, testFiles } from './sources.js';
import type { Types } from './types.js';

/** A test may take this many times as long as without the mutant, and some seconds more. */
const TIMES = 5;
const SECONDS_MORE = 20;

export interface Means {
  readonly root: string;
  readonly types: Types;
  readonly order: Order;
  readonly clean: CleanRuns;
}

export async function tryMutant(mutant: Mutant, scratch: Scratch, means: Means): Promise<Verdict> {
  const { root, types, order, clean } = means;
  const { file } = mutant;
  const text = mutated(readFileSync(join(root, file), 'utf8'), mutant);
  const error = types.error(file, text);
  if (error !== undefined) return { killed: true, by: 'types', how: error };
  scratch.write(file, text);
  try {
    let tests = 0;
    for (const test of order.sorted(testFiles(scratch.folder, folderOf(file)), file)) {
      const { passes, seconds, coverage } = await clean.of(test);
      if (!passes || !reaches(coverage, file, mutant.start, mutant.end)) continue;
      const run = await scratch.test(test, TIMES * seconds + SECONDS_MORE);
      tests++;
      order.learn(test, run.result !== 'passed', run.seconds);
      if (run.result === 'failed') return { killed: true, by: 'test', how: test };
      if (run.result === 'too long') return { killed: true, by: 'time', how: test };
    }
    return { killed: false, tests };
  } finally {
    scratch.restore(file);
  }
}
