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
import { mutantsOf } from './mutants.js';
import { Order } from './order.js';
import { type Entry, RunRecord } from './record.js';
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

/** Seconds of a processor that a test file takes, as long as nothing else is known. */
const USUAL = 2;

mkdirSync(options.out, { recursive: true });
const recordFile = join(options.out, 'record.json');
const stored = options.resume ? RunRecord.stored(recordFile) : undefined;
const seed = stored?.seed ?? options.seed;

/** All that follows is of this copy: the checkout may change meanwhile. */
const untouched = new Scratch(root);
const sources = untouched.folder;

const all = FOLDER_NAMES.flatMap((folder) => sourceFiles(sources, folder))
  .filter((file) => file.startsWith(options.in))
  .flatMap((file) => mutantsOf(file, readFileSync(join(sources, file), 'utf8')));

/** A mutant is found again by its lines: offsets change. One whose lines have changed is gone. */
function drawn(): readonly Entry[] {
  if (stored === undefined) {
    const chosen = createRandom(seed).shuffled(all).slice(0, Number(options.mutants));
    return chosen.map((mutant) => ({ mutant, passed: [] }));
  }
  const byKey = new Map(all.map((mutant) => [mutant.key, mutant]));
  return stored.entries.flatMap(({ mutant: { key }, passed, verdict }) => {
    const mutant = byKey.get(key);
    if (mutant === undefined) return [];
    return [{ mutant, passed, ...(verdict && (verdict.killed || !options.again) && { verdict }) }];
  });
}

/** What a run of a test file depends on: the sources, what tests share, and the file. */
const shared = [
  ...['grammar', 'compiler', 'src'].flatMap((folder) => filesUnder(sources, folder, '.ts')),
  ...filesUnder(sources, 'test/helpers', '.ts'),
];
const digest = (files: readonly string[]): string =>
  files
    .reduce((hash, file) => hash.update(readFileSync(join(sources, file))), createHash('sha256'))
    .digest('hex')
    .slice(0, 16);
const state = digest(shared);
const stamps = new Map(
  FOLDER_NAMES.flatMap((folder) => testFiles(sources, folder)).map((file) => [
    file,
    `${file} ${state} ${digest([file])}`,
  ]),
);

const record = new RunRecord(recordFile, { seed, entries: drawn(), clean: stored?.clean ?? {} });
const open = record.entries.filter(({ verdict }) => verdict === undefined);
/** Those that have had their first turn wait until the others have. */
const waiting = new Set(open.filter(({ passed }) => passed.length > 0).map(({ mutant }) => mutant.key));
const queue = open.toSorted((a, b) => Number(waiting.has(a.mutant.key)) - Number(waiting.has(b.mutant.key)));
console.log(
  `${all.length} mutants, seed ${seed}: ${record.entries.length} drawn, ${queue.length} to be tried`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const clean = new CleanRuns(untouched, {
  stamp: (file) => stamps.get(file) ?? file,
  known: (stamp) => record.cleanRun(stamp),
  remember: (stamp, run) => {
    record.rememberClean(stamp, run);
    const [file] = stamp.split(' ');
    if (!run.passes) console.log(`${file} fails without a mutant, so it is left out`);
  },
});
const means = { types: new Types(sources), order: new Order(sources), clean };
for (const { verdict } of record.entries)
  if (verdict?.killed && verdict.by === 'test') means.order.learn(verdict.how, true, USUAL);

async function worker(scratch: Scratch): Promise<void> {
  for (let entry = queue.shift(); entry !== undefined; entry = queue.shift()) {
    const { mutant } = entry;
    const patient = waiting.has(mutant.key);
    const tried = { mutant, ...(await tryMutant(mutant, { passed: entry.passed, patient }, scratch, means)) };
    record.update(tried);
    if (tried.verdict === undefined) {
      waiting.add(mutant.key);
      queue.push(tried);
    }
    console.log(`${queue.length} left: ${mutant.key.replaceAll('\n', ' ')}\n    ${told(tried)}`);
  }
}

function told({ verdict, passed }: Entry): string {
  if (verdict === undefined) return `has passed ${passed.length} test files so far`;
  return verdict.killed ? `killed by ${verdict.by}: ${verdict.how}` : `SURVIVED ${verdict.tests} test files`;
}

await Promise.all(Array.from({ length: Number(options['at-once']) }, () => worker(new Scratch(untouched))));

writeFileSafely(join(options.out, 'survivors.diff'), survivorsText(record.entries));
console.log(`\n${tableText(record.entries)}\n\n${survivorsText(record.entries)}`);
process.exit(record.entries.filter(isUnexplained).length <= record.entries.length / 10 ? 0 : 1);
