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
/** As long as it is not known how long a test takes. */
const LONGEST = 900;
/** Seconds of a processor that a mutant gets before the others have had their turn. */
const PATIENCE = 12;

interface Means {
  readonly types: Types;
  readonly order: Order;
  readonly clean: CleanRuns;
}

/** Tests that a mutant has passed, and whether there may be others. */
interface Tried {
  readonly passed: readonly string[];
  readonly verdict?: Verdict;
}

/** Goes on where it was left: `passed` are not run again. `patient`: until all tests have been run. */
export async function tryMutant(
  mutant: Mutant,
  { passed, patient }: { readonly passed: readonly string[]; readonly patient: boolean },
  scratch: Scratch,
  { types, order, clean }: Means,
): Promise<Tried> {
  const { file } = mutant;
  const text = mutated(readFileSync(join(scratch.folder, file), 'utf8'), mutant);
  const error = passed.length === 0 ? types.error(file, text) : undefined;
  if (error !== undefined) return { passed, verdict: { killed: true, by: 'types', how: error } };
  scratch.write(file, text);
  const done = [...passed];
  let work = 0;
  try {
    for (const test of order.sorted(testFiles(scratch.folder, folderOf(file)), file)) {
      if (done.includes(clean.stamp(test))) continue;
      if (work > PATIENCE && !patient) return { passed: done };
      // What a test does without the mutant is worth knowing once it is run a second time.
      const known = order.runs(test) > 0 ? await clean.of(test) : clean.known(test);
      if (known?.passes === false || (known && !reaches(known.coverage, file, mutant.start, mutant.end)))
        continue;
      const run = await scratch.test(test, known ? TIMES * known.seconds + SECONDS_MORE : LONGEST);
      work += run.work;
      // A test that fails anyway has killed nothing.
      const killed = run.result !== 'passed' && (await clean.of(test)).passes;
      order.learn(test, killed, run.work);
      if (killed)
        return {
          passed: done,
          verdict: { killed, by: run.result === 'failed' ? 'test' : 'time', how: test },
        };
      done.push(clean.stamp(test));
    }
    return { passed: done, verdict: { killed: false, tests: done.length } };
  } finally {
    scratch.restore(file);
  }
}
