/**
 * Random mutants of the sources, each against the tests of its folder:
 *
 *     npm run mutate                                  300 mutants, a new seed
 *     npm run mutate -- --mutants 50 --seed 7         fifty of a seed
 *     npm run mutate -- --in src/evolve/              only in files whose path begins like this
 *     npm run mutate -- --resume                      goes on where the last run was ended
 *     npm run mutate -- --resume --again              also tries once more what has survived
 *
 * Writes record.json and survivors.diff into `--out` (.cache/mutate). Ends with status 1 if fewer than nine in ten are killed.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileSafely } from '../../src/files.js';
import { createRandom } from '../../src/random.js';
import { CleanRuns } from './clean-runs.js';
import { type Mutant, mutantsOf } from './mutants.js';
import { Order } from './order.js';
import { RunRecord } from './record.js';
import { isUnexplained, survivorsText, tableText } from './report.js';
import { Scratch } from './scratch.js';
import { FOLDER_NAMES, filesUnder, sourceFiles, testFiles } from './sources.js';
import { tryMutant } from './trial.js';
import { Types } from './types.js';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const { values: options } = parseArgs({
  options: {
    mutants: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    in: { type: 'string', default: '' },
    out: { type: 'string', default: join(root, '.cache/mutate') },
    'at-once': { type: 'string', default: '2' },
    resume: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
  },
});

mkdirSync(options.out, { recursive: true });
const recordFile = join(options.out, 'record.json');
const stored = options.resume ? RunRecord.stored(recordFile) : undefined;
const seed = stored?.seed ?? options.seed;

const all = FOLDER_NAMES.flatMap((folder) => sourceFiles(root, folder))
  .filter((file) => file.startsWith(options.in))
  .flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));

function drawn(): readonly Mutant[] {
  const order = createRandom(seed).shuffled(all);
  if (stored === undefined) return order.slice(0, Number(options.mutants));
  // A mutant is found again by its lines: offsets change. One whose lines have changed is gone.
  const byKey = new Map(all.map((mutant) => [mutant.key, mutant]));
  return stored.entries.flatMap(({ mutant }) => byKey.get(mutant.key) ?? []);
}

/** What a run of a test file without a mutant depends on: the sources, what tests share, and the file. */
const shared = [
  ...['grammar', 'compiler', 'src'].flatMap((folder) => filesUnder(root, folder, '.ts')),
  ...filesUnder(root, 'test/helpers', '.ts'),
];
const digest = (files: readonly string[]): string =>
  files
    .reduce((hash, file) => hash.update(readFileSync(join(root, file))), createHash('sha256'))
    .digest('hex')
    .slice(0, 16);
const state = digest(shared);
const cleanKey = (file: string): string => `${file} ${state} ${digest([file])}`;

const record = new RunRecord(recordFile, seed, drawn(), stored?.clean);
const verdicts = new Map(stored?.entries.map(({ mutant, verdict }) => [mutant.key, verdict]));
for (const { mutant } of record.entries) {
  const verdict = verdicts.get(mutant.key);
  if (verdict !== undefined && (verdict.killed || !options.again)) record.decide(mutant, verdict);
}
record.save();

console.log(`${all.length} mutants, seed ${seed}`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const queue = record.entries.filter(({ verdict }) => verdict === undefined).map(({ mutant }) => mutant);
const total = queue.length;
const types = new Types(root);
const order = new Order(root);
const clean = new CleanRuns(new Scratch(root), {
  known: (file) => record.clean[cleanKey(file)],
  remember: (file, run) => {
    order.price(file, run.seconds);
    record.rememberClean(cleanKey(file), run);
    console.log(
      `       clean ${file}: ${run.passes ? `${run.seconds.toFixed(1)} s` : 'FAILS, so it is left out'}`,
    );
  },
});

for (const file of FOLDER_NAMES.flatMap((folder) => testFiles(root, folder))) {
  const seconds = record.clean[cleanKey(file)]?.seconds;
  if (seconds !== undefined) order.price(file, seconds);
}

async function worker(): Promise<void> {
  const scratch = new Scratch(root);
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const started = performance.now();
    const verdict = await tryMutant(mutant, scratch, { root, types, order, clean });
    record.decide(mutant, verdict);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const what = verdict.killed
      ? `killed by ${verdict.by}: ${verdict.how}`
      : `SURVIVED ${verdict.tests} test files`;
    console.log(
      `${total - queue.length}/${total} ${seconds} s ${mutant.key.replaceAll('\n', ' ')}\n       ${what}`,
    );
  }
}

await Promise.all(Array.from({ length: Number(options['at-once']) }, worker));

writeFileSafely(join(options.out, 'survivors.diff'), survivorsText(record.entries));
console.log(`\n${tableText(record.entries)}\n`);
console.log(survivorsText(record.entries));
const open = record.entries.filter(isUnexplained).length;
process.exitCode = open <= record.entries.length / 10 ? 0 : 1;
process.exit();
