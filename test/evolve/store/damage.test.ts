import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../../src/errors.js';
import type { RunSettings } from '../../../src/evolve/model/run-settings.js';
import { searchState } from '../../../src/evolve/model/schemas.js';
import { BETTER, GLO, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { readTask } from '../../../src/evolve/model/task.js';
import { storedFinals } from '../../../src/evolve/run/stored-finals.js';
import { openDatabase } from '../../../src/evolve/store/database.js';
import { openLedger, readLedger } from '../../../src/evolve/store/ledger.js';
import { readAnySettings, readRunSettings } from '../../../src/evolve/store/read-settings.js';
import { writeSettings } from '../../../src/evolve/store/run-settings.js';
import { storedTuning, tunedLoss, tuneState } from '../../../src/evolve/tuning/schemas.js';
import { type TuneState, tune } from '../../../src/evolve/tuning/tune.js';
import { parseJson, type Schema } from '../../../src/read-json.js';
import { readComparison } from '../../../src/report/comparison-file.js';
import { fakeRun } from './fake-run.js';

/** Files that are damaged inside: one sentence that names the file and the place, whatever was done to them. */
const damage = suite('damage');
const root = mkdtempSync(join(tmpdir(), 'lossc-damage-'));
damage.after(() => rmSync(root, { recursive: true }));

/** The message of the RunError that an action ends with; undefined when it does not fail. */
function refusal(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof RunError) return thrown.message;
    throw thrown;
  }
}

type Path = readonly (string | number)[];

/** Every place inside a JSON value. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...(Array.isArray(value) ? [...value.entries()] : Object.entries(value)).flatMap(([key, item]) =>
      placesIn(item, [...path, key]),
    ),
  ];
}

function replaced(value: unknown, path: Path, by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  (copy as Record<string, unknown>)[key] = replaced((value as Record<string, unknown>)[key], rest, by);
  return copy;
}

const OTHER_KINDS: readonly unknown[] = [{ a: [] }, [null], 'text', -1.5, true, null];

/** Puts every value of another kind in every place but the free ones; `read` gets the text, and must notice. */
function everyDamage(
  document: unknown,
  read: (text: string) => unknown,
  file: string,
  isFree: (path: Path) => boolean = () => false,
): number {
  let tried = 0;
  assert.is(
    refusal(() => read(JSON.stringify(document))),
    undefined,
    'it is whole',
  );
  for (const path of placesIn(document).filter((place) => !isFree(place))) {
    const old = path.reduce((value, key) => (value as Record<string, unknown>)[key], document as unknown);
    for (const by of OTHER_KINDS) {
      if (typeof by === typeof old && Array.isArray(by) === Array.isArray(old)) continue;
      if (by === null && old === undefined) continue;
      tried++;
      const message = refusal(() => read(JSON.stringify(replaced(document, path, by))));
      assert.ok(message !== undefined, `${path.join('.')} = ${JSON.stringify(by)} was not noticed`);
      assert.ok(message.includes(file), message);
      assert.not.match(message, /SyntaxError|at .*\.ts:/);
    }
  }
  const text = JSON.stringify(document);
  for (let cut = 0; cut < text.length; cut += Math.ceil(text.length / 40))
    assert.match(refusal(() => read(text.slice(0, cut)))!, /is damaged: it is not JSON/);
  return tried;
}

const SETTINGS = (search: SearchSettings): RunSettings => ({
  ...{ format: 2, command: 'lossc evolve', asked: {}, seed: '1', preset: 'default' },
  task: readTask({ cases: [{ dataset: 'digits', hidden: [8] }] }),
  sketch: { sources: { source: { name: 'a', text: 'b' }, imports: [] }, name: 's' },
  ...{
    seedLosses: [],
    search,
    budget: { generations: 3 },
    knownRuns: ['other'],
    learning: { task: 'classification', outputs: 10 },
  },
  tuning: { losses: 1, evaluations: 1, sigma: 1, mostEvaluations: 1 },
  finals: { losses: 1, replicates: 1, steps: 1 },
  comparison: { seeds: 2, steps: 3, against: [] },
  limits: { taskSeconds: 1, memoryMiB: 1 },
  environment: { lossc: '0', node: '20', tensorflow: '4', backend: 'cpu' },
  machine: { processor: 'p', cores: 1, memoryGiB: 1, platform: 'x', device: 'd' },
});

for (const [name, search] of Object.entries({ GLO, BETTER })) {
  damage(`settings.json (${name}): every value of another kind is noticed and named`, () => {
    const directory = join(root, `settings-${name}`);
    const settings = SETTINGS(search);
    writeSettings(directory, settings);
    assert.equal(readRunSettings(directory), settings);
    const file = join(directory, 'settings.json');
    const tried = everyDamage(
      settings,
      (text) => {
        writeFileSync(file, text);
        readAnySettings(directory);
      },
      file,
    );
    assert.ok(tried > 300);
  });
}

damage('a field that settings.json does not have is named', () => {
  const directory = join(root, 'unknown');
  writeSettings(directory, { ...SETTINGS(GLO), colour: 'blue' } as RunSettings);
  assert.match(refusal(() => readAnySettings(directory))!, /there is no field "colour"/);
});

damage('comparison.json: every value of another kind is noticed and named', () => {
  const summary = { count: 2, mean: 0.5, standardDeviation: 0, low: 0.4, high: 0.6 };
  const loss = {
    ...{ name: 'l', learningRate: 1, scale: 1, test: summary, validation: summary },
    tuning: { rates: [{ learningRate: 1, validationValue: 1 }], atEdge: false },
    runs: [{ seed: 's', validationValue: 1, testValue: 1, curve: [], stepsPerSecond: 1 }],
    versusFirst: { difference: 1, t: 1, degreesOfFreedom: 1, p: 1, holm: 1 },
    stepsTo: [{ value: 1, reached: 1, steps: 1 }],
    curve: [{ step: 1, value: summary }],
  };
  const document = {
    metric: { label: 'accuracy', goal: 'higher', isShare: true },
    ...{ dataset: 'd', model: 'm', split: { seed: 's' }, trainExamples: 1, testExamples: 1, steps: 1 },
    ...{ batchSize: 1, optimizer: { kind: 'sgd', learningRate: 1 }, scale: 'raw', losses: [loss] },
    interrupted: false,
  };
  const file = join(root, 'comparison.json');
  const read = (text: string): unknown => {
    writeFileSync(file, text);
    return readComparison(root);
  };
  assert.ok(everyDamage(document, read, file) > 100);
  read(JSON.stringify({ ...document, losses: [{ ...loss, test: { ...summary, low: 'NaN' } }] }));
  assert.ok(Number.isNaN(readComparison(root)!.losses[0]!.test.low));
});

const ledgerFolder = join(root, 'run');
damage.before(async () => {
  await fakeRun(ledgerFolder, 0);
});

/** What can be read of a ledger, all of it. */
function readAll(directory: string): void {
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    ledger.evaluations();
    ledger.trainings();
    ledger.generations();
    ledger.imported();
    ledger.lastState();
    ledger.result('finals', storedFinals);
  } finally {
    ledger.close();
  }
}

/** A copy of the ledger with one statement run on it. */
function tampered(name: string, sql: string, values: (string | number)[] = []): string {
  const directory = join(root, name);
  rmSync(directory, { recursive: true, force: true });
  cpSync(ledgerFolder, directory, { recursive: true });
  const database = openDatabase(join(directory, 'ledger.sqlite'));
  database.run(sql, values);
  database.close();
  return directory;
}

const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  evaluations:
    'generation island genome size parents features outcome stage scores complete milliseconds'.split(' '),
  trainings: 'generation genome replicate outcome score steps curve'.split(' '),
  generations: 'best median seconds state'.split(' '),
};
for (const [table, columns] of Object.entries(COLUMNS)) {
  damage(`the ledger's ${table}: damage in any column is one sentence with the file's name`, () => {
    for (const column of columns) {
      for (const value of ['', '{', '{"a":{}}', '["\u0000', '[[]]', '<script>']) {
        const directory = tampered('column', `UPDATE ${table} SET ${column} = ?`, [value]);
        const message = refusal(() => readAll(directory));
        assert.ok(message?.includes(join(directory, 'ledger.sqlite')), `${column} = ${value}: ${message}`);
        assert.match(message!, /damaged/);
      }
    }
  });
}

damage('the state of a search: every value of another kind is noticed and named', () => {
  const ledger = readLedger(join(ledgerFolder, 'ledger.sqlite'));
  const { islands, archive, ...state } = ledger.lastState()!;
  ledger.close();
  assert.ok(islands.length > 0 && archive.length > 1);
  const small = {
    ...state,
    gateScores: [[0.5]],
    islands: [{ members: [archive[0]] }],
    archive: [archive[1]],
  };
  assert.ok(everyDamage(small, (text) => parseJson(text, searchState, 'the state'), 'the state') > 150);
});

damage('what a tuning stores: every value of another kind is noticed and named', async () => {
  let state: TuneState | undefined;
  const result = await tune({
    ...{ label: 'l', seed: 's', saved: undefined },
    variables: [{ parameter: 'a', start: 1, lower: 0, upper: 2, scale: 1 }],
    settings: { losses: 1, evaluations: 20, sigma: 0.5, mostEvaluations: 1 },
    job: (parameters, seed, replicate) => ({ genome: [], parameters, seed, replicate, steps: 1, gates: [] }),
    evaluator: {
      ...{ analyse: async () => [], probe: async () => [] },
      train: async (jobs) =>
        jobs.map(() => ({ end: 'finished', score: 0.5, steps: 1, curve: [], milliseconds: 1 })),
    },
    save: (saved) => {
      state = saved;
    },
  });
  const loss = { id: 1, genome: ['a'], from: ['b'], coefficients: ['c'], result };
  const stored = (schema: Schema<unknown>) => (text: string) => parseJson(text, schema, 'the result');
  // A bound that is null is none.
  const free = (path: Path): boolean => path.includes('bounds') && typeof path.at(-1) === 'number';
  assert.ok(everyDamage(state, stored(tuneState), 'the result', free) > 200);
  assert.ok(everyDamage({ evaluations: 20, result }, stored(storedTuning), 'the result') > 40);
  assert.ok(everyDamage(loss, stored(tunedLoss), 'the result') > 40);
  const final = { name: 'n', id: 1, genome: ['a'], tuned: true, score: 1, scores: [1], steps: 1, curves: [] };
  const finals = { generation: 1, results: [final] };
  assert.ok(everyDamage(finals, stored(storedFinals), 'the result') > 20);
});

damage('a ledger with damaged pages is one sentence with its name', () => {
  const directory = join(root, 'pages');
  cpSync(ledgerFolder, directory, { recursive: true });
  const file = join(directory, 'ledger.sqlite');
  const whole = readFileSync(file);
  for (let at = 0; at < whole.length; at += Math.ceil(whole.length / 12)) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, at, at + 600);
    writeFileSync(file, bytes);
    const message = refusal(() => readAll(directory));
    assert.ok(message === undefined || message.includes(file), message);
  }
  writeFileSync(file, whole);
  openLedger(file).close();
});

damage.run();
