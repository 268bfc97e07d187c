import { existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Distilled, distil, errorText, standardText } from '../distil/distil.js';
import { samplesOf, sketchFor } from '../distil/samples.js';
import { readSampleTable } from '../distil/table.js';
import { Exit, RunError, UsageError } from '../errors.js';
import { readSketch } from '../evolve/losses/subject.js';
import { requireWritable, writeFileSafely } from '../files.js';
import { createProgress, print, printError, printJson } from '../terminal.js';
import { type Define, positiveNumber, wholeNumber } from './command.js';
import { entryParts } from './load.js';
import { addOptions, JSON_ROW, type Rows } from './option-table.js';
import { interruptible } from './run-options.js';
import { readSources } from './sources.js';

interface DistilCommandOptions {
  readonly sketch?: string;
  readonly evaluations: number;
  readonly minutes?: number;
  readonly seed: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<DistilCommandOptions> = {
  sketch: {
    flags: '--sketch <file>',
    says: 'a .loss file with a sketch, or FILE:NAME: what formulas are made of (default: terms of a class where targets are 0 and 1 and predictions between, else a loss of prediction - target)',
  },
  evaluations: {
    flags: '--evaluations <n>',
    says: 'formulas that are tried, at most',
    read: wholeNumber(1),
    byDefault: 20_000,
  },
  minutes: { flags: '--minutes <x>', says: 'minutes that it may take in all', read: positiveNumber },
  seed: { flags: '--seed <seed>', says: 'decides everything random in the run', byDefault: '1' },
  out: { flags: '--out <file>', says: 'the .loss file to write', byDefault: 'distilled.loss' },
  force: { flags: '--force', says: 'replace the file if it exists' },
  ...JSON_ROW,
};

/** `lossc distil SAMPLES`: a formula of the language for samples of a loss. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument(
      '<samples>',
      'a .csv or .json file with a column for each input, and one that is called value, gradient or "gradient NAME"',
    )
    .addHelpText(
      'after',
      '\nA row is one entry of the prediction: its inputs, and the loss of that entry (value) or its derivative by the' +
        '\nprediction (gradient), not divided by the number of rows. Rows may be noisy: of the formulas that fit them equally' +
        '\nwell, the smallest is written. 20 to 10,000 rows are read; 1,000 are enough for most losses.' +
        '\n\nExample:\n  lossc distil samples.csv --minutes 2 --out found.loss',
    )
    .action(run);
};

async function run(path: string, options: DistilCommandOptions): Promise<void> {
  const { out } = options;
  if (options.force !== true && existsSync(out))
    throw new UsageError(`--out: ${out} exists already`, 'choose another name, or replace it with --force');
  if (existsSync(out) && statSync(out).isDirectory())
    throw new UsageError(`--out: ${out} is a folder`, 'give the name of a .loss file');
  requireWritable(dirname(out));
  const table = readSampleTable(path);
  const subject = subjectOf(options.sketch, table);
  const samples = samplesOf(table, subject.sketch);
  const interrupt = interruptible();
  const progress = createProgress();
  try {
    const found = await distil(samples, subject, {
      seed: options.seed,
      evaluations: options.evaluations,
      ...(options.minutes !== undefined && { milliseconds: options.minutes * 60_000 }),
      signal: interrupt.signal,
      onProgress: ({ evaluations, size }) => {
        const best = size === undefined ? '' : `  best so far: size ${size}`;
        progress.update(`distilling  ${evaluations}/${options.evaluations} formulas${best}`);
      },
    });
    progress.end();
    if (found === undefined && interrupt.signal.aborted) throw new Exit(130);
    if (found === undefined)
      throw new RunError(
        `no formula that was tried has a value at every row of ${path}`,
        'leave out rows at the edge of the domain, allow more with --evaluations or --minutes, or give another --sketch',
      );
    writeFileSafely(out, found.text);
    if (options.json === true) printJson(asJson(found, out));
    else report(found, out);
    if (found.ending === 'interrupted') throw new Exit(130);
  } finally {
    progress.end();
    interrupt.done();
  }
}

function subjectOf(sketch: string | undefined, table: Parameters<typeof sketchFor>[0]) {
  if (sketch === undefined) return readSketch(sketchFor(table));
  const { path, name } = entryParts(sketch);
  return readSketch(readSources(path), name);
}

function asJson({ text: _, ...found }: Distilled, file: string): unknown {
  return { file, ...found };
}

/** Why there is no more. */
const ENDINGS: { readonly [K in Distilled['ending']]: (evaluations: number) => string } = {
  noise: (n) => `ended after ${n} formulas: what the formula leaves of the samples looks like noise`,
  evaluations: (n) => `ended after ${n} formulas, the limit (--evaluations): there may be a better one`,
  minutes: (n) => `ended after ${n} formulas, at the limit of time (--minutes): there may be a better one`,
  interrupted: (n) => `interrupted after ${n} formulas; this is what was found`,
};

function report(found: Distilled, out: string): void {
  const { front, pick, standard, ending, evaluations, text } = found;
  const width = Math.max('error'.length, ...front.map(({ error }) => errorText(error).length));
  print(`size  ${'error'.padEnd(width)}  formula`);
  for (const one of front) {
    const mark = one.size === pick.size ? '*' : ' ';
    print(`${mark}${String(one.size).padStart(3)}  ${errorText(one.error).padEnd(width)}  ${one.formula}`);
  }
  for (const one of standard ?? []) print(`${standardText(one)} fits as well`);
  if (standard?.length === 0) print('no standard loss fits as well');
  if (standard === undefined) print('the standard losses were not compared: there was no time for it');
  print(`\n${out}\n${text.trimEnd()}`);
  printError(ENDINGS[ending](evaluations));
}
