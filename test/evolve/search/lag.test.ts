/** Searches with several generations in flight: what is found depends on the lag, and on nobody's speed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Interrupted } from '../../../src/evolve/executors/executor.js';
import type { TrainingJob } from '../../../src/evolve/model/evaluator.js';
import type { Budget } from '../../../src/evolve/model/run-settings.js';
import { INITIAL_STATE, type SearchState } from '../../../src/evolve/model/search-state.js';
import { BETTER, GLO, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { breed } from '../../../src/evolve/search/breed.js';
import type { Committed } from '../../../src/evolve/search/commit.js';
import { placesOf } from '../../../src/evolve/search/fill-places.js';
import { mayBegin } from '../../../src/evolve/search/progress.js';
import { type LoopResult, searchLoop } from '../../../src/evolve/search/search-loop.js';
import { createLedger, openLedger, readLedger } from '../../../src/evolve/store/ledger.js';
import { hash32 } from '../../../src/random.js';
import { tree } from '../gp/helpers.js';
import { type FakeOptions, fakeEvaluator } from './fake-evaluator.js';
import { fakeWorld, generations } from './fake-world.js';
import { type Slots, sleep, slowExecutor } from './slow-executor.js';

const lagging = suite('lagging searches');
const root = mkdtempSync(join(tmpdir(), 'lossc-lag-'));
lagging.after(() => rmSync(root, { recursive: true }));

const SETTINGS: SearchSettings = { ...BETTER, islands: 2, population: 8, audit: 0.2, lag: 2 };
const GENERATIONS = 7;
const NOISY: FakeOptions = { noise: 0.02 };

/** The first generations, each made when the one before it was committed. */
async function inTurn(settings: SearchSettings, options = NOISY): Promise<readonly Committed[]> {
  const made: Committed[] = [];
  for await (const next of generations(fakeWorld(settings, 'lag', options))) {
    made.push(next);
    if (made.length === GENERATIONS) break;
  }
  return made;
}

interface Sitting {
  readonly budget?: Budget;
  readonly options?: FakeOptions;
  /** Stops after so many trainings. */
  readonly stopAfter?: number;
}

/** The same search through the loop, by so many workers of different speed; goes on where the folder has a ledger. */
async function inFlight(
  name: string,
  settings: SearchSettings,
  slots: Pick<Slots, 'slots'> & Partial<Slots>,
  { budget = { generations: GENERATIONS }, options = NOISY, stopAfter }: Sitting = {},
): Promise<LoopResult> {
  const file = join(root, `${name}.sqlite`);
  const ledger = existsSync(file) ? openLedger(file) : createLedger(file, { purpose: 'test' });
  const { evaluator: _, memory: __, ...world } = fakeWorld(settings, 'lag');
  const stop = new AbortController();
  let trainings = 0;
  const evaluator = fakeEvaluator({
    ...options,
    beforeTraining: (job) => {
      options.beforeTraining?.(job);
      if (trainings++ === stopAfter) stop.abort();
    },
  });
  // Tenfold between the fastest and the slowest, and another order for every number of slots.
  const speed = (seed: string): number => 10 ** (hash32(`${slots.slots}/${seed}`) / 2 ** 32);
  const executor = slowExecutor(evaluator, { lasts: ({ seed }) => sleep(speed(seed)), ...slots });
  try {
    return await searchLoop({ world, ledger, executor, budget, signal: stop.signal });
  } finally {
    ledger.close();
  }
}

/** Rows of a ledger; of trainings, whose order within a generation tells who was fast, as a set. */
function contents(name: string) {
  const ledger = readLedger(join(root, `${name}.sqlite`));
  try {
    return {
      rows: ledger.evaluations(),
      states: ledger.latestStates(GENERATIONS),
      trainings: ledger
        .trainings()
        .map((row) => JSON.stringify(row))
        .sort(),
    };
  } finally {
    ledger.close();
  }
}

for (const lag of [0, 1, 2, 4]) {
  const settings = { ...SETTINGS, lag };
  lagging(
    `lag ${lag}: with 1, 2 and 8 workers the ledger is that of one generation after another`,
    async () => {
      const wanted = await inTurn(settings);
      for (const slots of [1, 2, 8]) {
        const name = `whole-${lag}-${slots}`;
        const { stopped, state } = await inFlight(name, settings, { slots });
        assert.is(stopped, 'budget');
        assert.equal(state, wanted.at(-1)!.state);
        const { rows, states, trainings } = contents(name);
        assert.equal(
          states,
          wanted.map((one) => one.state),
        );
        assert.equal(
          rows,
          wanted.flatMap(({ report }) => report.rows),
        );
        assert.equal(trainings, contents(`whole-${lag}-1`).trainings);
      }
    },
  );

  lagging(
    `lag ${lag}: interrupted every few trainings and resumed with other workers, the same`,
    async () => {
      const name = `parts-${lag}`;
      let sittings = 0;
      for (let stopped = 'interrupted'; stopped === 'interrupted'; sittings++)
        ({ stopped } = await inFlight(
          name,
          settings,
          { slots: 1 + (sittings % 8) },
          { stopAfter: 9 + sittings },
        ));
      assert.ok(sittings > 3, `${sittings} sittings`);
      assert.equal(contents(name), contents(`whole-${lag}-1`));
    },
  );
}

lagging('another lag is another search', () => {
  assert.not.equal(contents('whole-2-1').rows, contents('whole-0-1').rows);
});

lagging('a training that takes for ever holds up no other generation in flight', async () => {
  const made = (await inTurn(SETTINGS)).slice(0, 3);
  const asked = made.map(({ report }) =>
    report.rows.filter(({ steps }) => steps > 0).map(({ canonical }) => `lag/${canonical}/0`),
  );
  const slow = asked[0]![0]!;
  const others = new Set(
    asked
      .slice(1)
      .flat()
      .filter((seed) => !asked[0]!.includes(seed)),
  );
  assert.ok(others.size > 3);
  let release: () => void = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const lasts = async ({ seed }: TrainingJob): Promise<void> => {
    if (seed === slow) await released;
    others.delete(seed);
    if (others.size === 0) release();
  };
  const { state } = await inFlight('slow', SETTINGS, { slots: 4, lasts }, { budget: { generations: 3 } });
  assert.equal(state, made.at(-1)!.state);
});

lagging('a generation sees nothing of those that are in flight with it', async () => {
  const world = fakeWorld(SETTINGS, 'lag', NOISY);
  const states: SearchState[] = [];
  for await (const { state } of generations(world)) {
    states.push(state);
    if (states.length === GENERATIONS) break;
  }
  // The memory now holds everything; generation 4 is bred from what was known after generation 1.
  const again = await breed(world, states[1]!, 4);
  const early = fakeWorld(SETTINGS, 'lag', NOISY);
  const first: SearchState[] = [];
  for await (const { state } of generations(early)) {
    first.push(state);
    if (first.length === 2) break;
  }
  assert.equal(again, await breed(early, first[1]!, 4));
});

lagging('ids are given in the order of the generations, and nothing refers to a later one', async () => {
  const made = await inTurn({ ...SETTINGS, lag: 3 });
  const rows = made.flatMap(({ report }) => report.rows);
  assert.equal(
    rows.map(({ id }) => id),
    [...rows.keys()],
  );
  const bornIn = new Map(rows.map(({ id, generation }) => [id, generation]));
  let known = 0;
  for (const { generation, id, parents, sameAs } of rows) {
    assert.ok(
      parents.every((parent) => bornIn.get(parent)! < generation - 3),
      `${id} of ${parents}`,
    );
    if (sameAs === undefined) continue;
    known++;
    const origin = bornIn.get(sameAs)!;
    assert.ok(sameAs < id && (origin === generation || origin < generation - 3), `${id} is ${sameAs}`);
  }
  assert.ok(known > 0);
});

lagging('two in flight that are equal are both trained, and only then', async () => {
  const made = await inTurn({ ...SETTINGS, racing: { most: 1, best: 1 }, audit: 0 });
  const trained = made.flatMap(({ report }) => report.rows).filter(({ outcome }) => outcome === 'trained');
  const first = new Map<string, number>();
  let again = 0;
  for (const { canonical, generation } of trained) {
    const before = first.get(canonical);
    if (before === undefined) first.set(canonical, generation);
    else {
      assert.ok(generation > before && generation <= before + 2, canonical);
      again++;
    }
  }
  assert.ok(again > 0);
});

lagging(
  'races run beside later generations, and the best of an island still have many trainings',
  async () => {
    const settings: SearchSettings = { ...SETTINGS, gates: [], audit: 0, racing: { most: 3, best: 5 } };
    const made: Committed[] = [];
    const asked = new Map<string, number>();
    const world = fakeWorld(settings, 'lag', {
      ...NOISY,
      beforeTraining: ({ seed }) => asked.set(seed, (asked.get(seed) ?? 0) + 1),
    });
    for await (const next of generations(world)) {
      made.push(next);
      if (made.length === 12) break;
    }
    const { islands, archive, spent } = made.at(-1)!.state;
    const repeats = [...asked.keys()].filter((seed) => !seed.endsWith('/0'));
    assert.ok(repeats.length > 10);
    assert.ok(
      repeats.every((seed) => asked.get(seed) === 1),
      'no training is repeated',
    );
    assert.is(
      spent.trainings,
      [...asked.values()].reduce((sum, count) => sum + count, 0),
    );
    const counts = islands.flatMap(({ members }) => members.map(({ scores }) => scores.length));
    assert.ok(counts.includes(1) && counts.some((count) => count >= 3), counts.join());
    assert.ok(
      [...archive, ...islands.flatMap(({ members }) => members)].every(({ scores }) => scores.length <= 5),
    );
  },
);

lagging('the first population is spread over the generations that are bred from nothing', () => {
  for (const lag of [0, 1, 2, 4, 20]) {
    const world = fakeWorld({ ...GLO, islands: 3, population: 8, lag }, 'places');
    const all = Array.from({ length: lag + 1 }, (_, i) => placesOf(world, INITIAL_STATE, i)).flat();
    assert.is(all.length, 24);
    assert.is(new Set(all.map(({ island, index }) => `${island}/${index}`)).size, 24);
  }
});

lagging('losses to begin with are all trained, each once, in the first generations', async () => {
  const seeds = Array.from({ length: 11 }, (_, i) => [tree(`log(prediction) - ${i + 1} * target`)]);
  const world = { ...fakeWorld(SETTINGS, 'seeds'), seeds };
  const made: Committed[] = [];
  for await (const next of generations(world)) {
    made.push(next);
    if (made.length === 4) break;
  }
  const begun = made.flatMap(({ report }) => report.rows).filter(({ operator }) => operator === 'seed');
  assert.equal(
    begun.map(({ genome }) => genome),
    seeds.map((trees) => world.codec.print(trees)),
  );
  assert.ok(begun.every(({ outcome }) => outcome === 'trained'));
  assert.ok(begun.every(({ generation }) => generation <= 2));
});

const after = (generation: number, evaluations: number): SearchState => ({
  ...INITIAL_STATE,
  generation,
  spent: { ...INITIAL_STATE.spent, evaluations },
});

lagging('what is in flight counts against the budget as much as what was before it', () => {
  const budget = { evaluations: 100 };
  const base = after(3, 40);
  // Generations 4 and 5 are in flight: 60 of 100 when the sixth begins.
  assert.ok(mayBegin(budget, { generation: 6, base, state: base, seconds: 0 }));
  assert.not.ok(mayBegin({ evaluations: 60 }, { generation: 6, base, state: base, seconds: 0 }));
  // They were cheaper than thought, and all are committed.
  assert.ok(mayBegin({ evaluations: 60 }, { generation: 6, base, state: after(5, 50), seconds: 0 }));
  assert.not.ok(mayBegin({ evaluations: 60 }, { generation: 6, base, state: after(5, 61), seconds: 0 }));
  assert.not.ok(mayBegin({ generations: 6 }, { generation: 6, base, state: base, seconds: 0 }));
  assert.ok(mayBegin({ generations: 7 }, { generation: 6, base, state: base, seconds: 0 }));
});

lagging('a budget is spent, and no generation is left half done', async () => {
  const budget = { evaluations: 25 };
  for (const slots of [1, 8]) await inFlight(`spent-${slots}`, SETTINGS, { slots }, { budget });
  const [few, many] = [contents('spent-1'), contents('spent-8')];
  assert.equal(many, few);
  const { generation, spent } = few.states.at(-1)!;
  assert.ok(spent.evaluations >= 25 && spent.evaluations < 40, `${spent.evaluations} evaluations`);
  const last = Math.max(
    ...few.trainings.map((row) => (JSON.parse(row) as { generation: number }).generation),
  );
  assert.is(last, generation);
  // A larger budget goes on as if it had been that from the beginning.
  await inFlight('spent-1', SETTINGS, { slots: 2 });
  assert.equal(contents('spent-1'), contents('whole-2-1'));
});

lagging('whoever asks others for trainings asks for those of all generations in flight', async () => {
  const asked = new Set<string>();
  const file = join(root, 'asked.sqlite');
  const ledger = createLedger(file, { purpose: 'test' });
  const { analyse, probe } = fakeEvaluator();
  const { evaluator: _, memory: __, ...world } = fakeWorld(SETTINGS, 'lag');
  const executor = {
    ...slowExecutor(fakeEvaluator(), { slots: 1, lasts: () => sleep(0) }),
    ...{ analyse, probe },
    train: async (jobs: readonly { readonly seed: string }[]) => {
      for (const { seed } of jobs) asked.add(seed);
      throw new Interrupted();
    },
  };
  const { stopped } = await searchLoop({ world, ledger, executor, budget: { generations: 5 } });
  ledger.close();
  assert.is(stopped, 'interrupted');
  const alone = placesOf(fakeWorld(SETTINGS, 'lag'), INITIAL_STATE, 0).length;
  assert.ok(asked.size > alone, `${asked.size} asked, ${alone} places in the first generation`);
});

lagging('a failure in any generation in flight ends the run, and is told', async () => {
  let trainings = 0;
  const broken: FakeOptions = {
    ...NOISY,
    beforeTraining: () => {
      if (++trainings > 20) throw new Error('the disk is on fire');
    },
  };
  let message = '';
  await inFlight('broken', SETTINGS, { slots: 4 }, { options: broken }).catch((thrown: Error) => {
    message = thrown.message;
  });
  assert.is(message, 'the disk is on fire');
  const { states } = contents('broken');
  const made = (await inTurn(SETTINGS)).map(({ state }) => state);
  assert.equal(states, made.slice(0, states.length));
});

lagging.run();
