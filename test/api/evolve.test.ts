/** A whole search from a program is that of the command line, and tells what happens. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type EvolveEvent, type EvolveOptions, evolve, pareto, RunError } from '../../src/evolve.js';
import { lossc, scratch } from '../helpers/command-line.js';

const evolving = suite('evolve');

const SKETCH = `sketch small(target: onehot[class], prediction: probability[class]) =
  -mean(?, class)
  with operators + - * / log square exp sqrt tanh leaves target, prediction, 1, real`;
const OPTIONS = {
  ...{
    dataset: 'digits',
    trainExamples: 200,
    validationExamples: 100,
    labelNoise: 0.2,
    hidden: [8],
    batchSize: 50,
  },
  ...{ optimizer: { kind: 'adam', learningRate: 0.02 }, steps: 20, population: 8, generations: 2, seed: 7 },
  ...{ tuneEvaluations: 6, backend: 'wasm', workers: 1 },
} as const satisfies EvolveOptions;
const FLAGS =
  '--dataset digits --train-examples 200 --validation-examples 100 --label-noise 0.2 --hidden 8 --batch 50 --optimizer adam --lr 0.02 --steps 20 --population 8 --generations 2 --seed 7 --tune-evaluations 6 --backend wasm --workers 1 --final-seeds 0';

const folder = scratch({ 'small.loss': SKETCH });

evolving('it has the numbers of lossc evolve with the same options, and its folder is a run', async () => {
  const run = join(folder, 'own');
  const events: EvolveEvent[] = [];
  const search = evolve({ ...OPTIONS, sketch: SKETCH, folder: run });
  for await (const event of search) events.push(event);
  const result = await search;
  const { code, stdout, stderr } = await lossc(
    ['evolve', 'small.loss', ...FLAGS.split(' '), '--json', '--out', 'command'],
    { cwd: folder },
  );
  assert.is(code, 0, stderr);
  const told = JSON.parse(stdout);
  assert.equal(
    result.front.map(({ fitness, size, genome }) => ({
      fitness,
      nodes: size,
      expression: genome.join('; '),
    })),
    told.front,
  );
  assert.equal(result.spent, told.spent);
  assert.equal(
    result.finals.map(({ name, genome, fitness, scores }) => ({ name, genome, score: fitness, scores })),
    told.finals.map(({ name, genome, score, scores }: Record<string, unknown>) => ({
      name,
      genome,
      score,
      scores,
    })),
  );
  assert.equal(result.best, result.finals[0]);
  assert.is(result.best!.curves.length, result.best!.scores.length);
  assert.is(result.best!.curves[0]!.at(-1)!.step, 20);
  assert.match(told.loss, result.best!.text.slice(result.best!.text.indexOf('loss ')));
  assert.equal(
    pareto(run).map(({ id, score }) => ({ id, score })),
    result.front.map(({ id, fitness }) => ({ id, score: fitness })),
  );

  const ofType = <T extends EvolveEvent['type']>(type: T) =>
    events.filter((event): event is Extract<EvolveEvent, { readonly type: T }> => event.type === type);
  assert.equal(events.at(-1), { type: 'end', result });
  assert.equal(
    ofType('generation').map(({ generation, best, median }) => ({ generation, best, median })),
    result.history.map(({ generation, best, median }) => ({ generation, best, median })),
  );
  assert.equal(ofType('generation').at(-1)!.spent, result.spent);
  const phases = ofType('trained').map(({ phase }) => phase);
  assert.is(phases.filter((phase) => phase === 'search').length, result.spent.trainings);
  assert.ok(phases.filter((phase) => phase === 'tuning').length >= 6);
  assert.ok(phases.at(-1) === 'finals');
  const best = ofType('best').at(-1)!.loss;
  // Later trainings may have moved its mean.
  assert.equal([best.id, best.text], [result.front.at(-1)!.id, result.front.at(-1)!.text]);
});

evolving('a signal ends it with what there is; nothing is left on the disk', async () => {
  const before = process.env['TMPDIR'];
  const temporary = scratch();
  const runs = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('lossc-evolve-'));
  process.env['TMPDIR'] = temporary;
  try {
    const stop = new AbortController();
    const search = evolve({
      ...OPTIONS,
      sketch: join(folder, 'small.loss'),
      generations: 50,
      signal: stop.signal,
    });
    for await (const event of search) {
      if (event.type === 'trained') assert.equal(runs().length, 1);
      if (event.type !== 'generation') continue;
      stop.abort();
      break;
    }
    const { stopped, best, front, finals, history } = await search;
    assert.equal([stopped, finals, history.length], ['interrupted', [], 1]);
    assert.equal(best, front.at(-1));
    assert.ok(best !== undefined);
    assert.equal(runs(), []);
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
});

evolving('what goes wrong is thrown from the loop over its events, and rejects its promise', async () => {
  const options = { ...OPTIONS, dataset: './missing.csv', folder: join(folder, 'missing') };
  const search = evolve(options);
  const failed = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
      assert.unreachable();
    } catch (thrown) {
      assert.instance(thrown, RunError);
      assert.match((thrown as RunError).message, 'missing.csv');
    }
  };
  await failed(async () => {
    for await (const event of search) assert.unreachable(event.type);
  });
  await failed(() => search);
  assert.not.ok(existsSync(options.folder));
});

/** Wrong options, and what they are answered. */
const WRONG: readonly (readonly [options: unknown, message: RegExp])[] = [
  [{ generation: 2 }, /^evolve: there is no option "generation"; it takes sketch, losses, .*generations, /],
  [{ hidden: 8 }, /^evolve: the option hidden must be a list of whole numbers from 1, not the number 8$/],
  [{ labelNoise: 40 }, /^evolve: the option labelNoise must be a number from 0 to 1, not the number 40$/],
  [
    { optimizer: 'adam' },
    /^evolve: the option optimizer must be an object such as \{ kind: "adam", learningRate: 0.001 \}, not the text "adam"$/,
  ],
  [{ metric: 'acuracy' }, /^evolve: the option metric must be one of .*: did you mean "accuracy"\?$/],
  [{ signal: true }, /^evolve: the option signal must be an AbortSignal, not true$/],
  [{ sketch: 'loss a(t: real, p: real) = t - p' }, /^evolve: sketch.loss declares no sketch/],
];

for (const [options, message] of WRONG)
  evolving(`evolve(${JSON.stringify(options)}) says what was expected`, () => {
    assert.throws(
      () => evolve(options as EvolveOptions),
      (thrown: Error) => {
        assert.match(thrown.message, message);
        return thrown instanceof TypeError;
      },
    );
  });

evolving.run();
