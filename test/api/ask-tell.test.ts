/** Searches and tunings that ask: the same search as one that is evaluated at once, whoever answers and in whatever order. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Answer } from '../../src/api/answers.js';
import { arrayOf, evaluateLoss, LossError } from '../../src/compiler.js';
import { INITIAL_STATE } from '../../src/evolve/model/search-state.js';
import { BETTER, GLO, type SearchSettings } from '../../src/evolve/model/settings.js';
import { createQuestionLoop, type QuestionLoop } from '../../src/evolve/search/question-loop.js';
import { type AskedLoss, createSearch, createTuning, RunError, type Search } from '../../src/evolve.js';
import { fakeEvaluator } from '../evolve/search/fake-evaluator.js';
import { fakeWorld, nextGeneration } from '../evolve/search/fake-world.js';

const asking = suite('ask and tell');

const NOISY = { noise: 0.02 };

/** Answers the open questions in pieces of so many, the last first. */
async function answer(loop: QuestionLoop, size: number): Promise<void> {
  const { train } = fakeEvaluator(NOISY);
  const questions = (await loop.ask()).toReversed().slice(0, size);
  const reports = await train(questions.map(({ job }) => job));
  await loop.answer(new Map(questions.map(({ id }, i) => [id, reports[i]!])));
}

const SETTINGS: Readonly<Record<string, SearchSettings>> = {
  default: { ...BETTER, islands: 2, population: 8 },
  glo: { ...GLO, population: 20 },
};

for (const [name, settings] of Object.entries(SETTINGS))
  asking(
    `with the settings ${name} it is the search that evaluates at once, in whatever pieces answers come`,
    async () => {
      let state = INITIAL_STATE;
      const world = fakeWorld(settings, 'ask', NOISY);
      for (let i = 0; i < 4; i++) ({ state } = await nextGeneration(world, state));
      for (const size of [1000, 3]) {
        const { evaluator, memory: _, ...rest } = fakeWorld(settings, 'ask', NOISY);
        const loop = createQuestionLoop(rest, evaluator);
        while (loop.state().generation < 3) await answer(loop, size);
        assert.equal(loop.state(), state);
      }
    },
  );

asking('a failure of screening is told to whoever asks', async () => {
  const { evaluator, memory: _, ...rest } = fakeWorld(SETTINGS['glo']!, 'broken');
  const loop = createQuestionLoop(rest, {
    ...evaluator,
    analyse: async () => {
      throw new Error('broken');
    },
  });
  for (let i = 0; i < 2; i++) {
    try {
      await loop.ask();
      assert.unreachable();
    } catch (thrown) {
      assert.is((thrown as Error).message, 'broken');
    }
  }
});

const SKETCH = `sketch robust(target: real, prediction: real) =
  let error = prediction - target
  ?
  with operators + * / abs square sqrt log1p leaves error, 1`;

/** How near to 2 gradient descent on the loss comes, where one number of five is wrong. */
function fitnessOf(asked: AskedLoss): number {
  const numbers = [1.9, 2.2, 2.1, 1.8, 9];
  const loss = asked.compile();
  let centre = 0;
  for (let step = 0; step < 30; step++) {
    const inputs = new Map([
      ['target', arrayOf(numbers)],
      ['prediction', arrayOf(numbers.map(() => centre))],
    ]);
    centre -=
      0.3 *
      evaluateLoss(loss, inputs)
        .gradient.get('prediction')!
        .data.reduce((a, b) => a + b);
  }
  return Number.isFinite(centre) ? 1 / (1 + Math.abs(centre - 2)) : 0;
}

async function searched(seed: number, generations: number): Promise<Search & { readonly asked: string[] }> {
  const search = createSearch({ sketch: SKETCH, population: 8, seed });
  const asked: string[] = [];
  while (search.generations < generations) {
    const losses = await search.ask();
    asked.push(...losses.map(({ genome }) => genome.join()));
    await search.tell(losses.map((loss) => ({ id: loss.id, fitness: fitnessOf(loss) })));
  }
  return Object.assign(search, { asked });
}

asking('a search finds a loss by a fitness of ones own, the same for the same seed', async () => {
  const one = await searched(1, 2);
  assert.ok(one.best()!.fitness > 0.8, `${one.best()!.fitness}`);
  assert.is(one.evaluations, one.asked.length);
  const front = one.front();
  assert.equal(front.at(-1), one.best());
  for (const [i, { fitness, size }] of front.entries())
    if (i > 0) assert.ok(fitness > front[i - 1]!.fitness && size > front[i - 1]!.size);
  assert.match(one.best()!.text, `loss ${one.best()!.name}(target: real, prediction: real) =`);
  assert.equal((await searched(1, 2)).asked, one.asked);
  assert.not.equal((await searched(2, 1)).asked.slice(0, 3), one.asked.slice(0, 3));
});

asking('what is asked stays asked until it is told, and what failed is no loss of the front', async () => {
  const search = createSearch({ sketch: SKETCH, population: 8, seed: 3 });
  const asked = await search.ask();
  assert.ok(asked.length > 2);
  assert.equal(
    (await search.ask()).map(({ id }) => id),
    asked.map(({ id }) => id),
  );
  const [first, ...others] = asked;
  await search.tell([{ id: first!.id, fitness: 0.5 }]);
  assert.is(search.generations, 0);
  assert.is(search.best(), undefined);
  assert.equal(
    (await search.ask()).map(({ id }) => id),
    others.map(({ id }) => id),
  );
  await search.tell(others.map(({ id }) => ({ id, failed: 'the machine is gone' })));
  for (;;) {
    const rest = search.generations === 0 ? await search.ask() : [];
    if (rest.length === 0) break;
    await search.tell(rest.map(({ id }) => ({ id, failed: 'the machine is gone' })));
  }
  assert.is(search.generations, 1);
  assert.equal(
    search.front().map(({ genome }) => genome),
    [first!.genome],
  );
});

asking('a loss that equals one of the front is asked about more often with repeats', async () => {
  const search = createSearch({ sketch: SKETCH, population: 8, repeats: 3, seed: 4 });
  const repeats = new Map<string, Set<string>>();
  while (search.generations < 1) {
    const losses = await search.ask();
    for (const { genome, seed, repeat } of losses) {
      const seeds = repeats.get(genome.join()) ?? new Set();
      assert.is(seeds.size, repeat);
      repeats.set(genome.join(), seeds.add(seed));
    }
    await search.tell(losses.map(({ id, size }) => ({ id, fitness: 1 / size })));
  }
  assert.is(Math.max(...[...repeats.values()].map(({ size }) => size)), 3);
  assert.is(search.best()!.scores.length, 3);
});

asking('a space that is used up has nothing to ask', async () => {
  const search = createSearch({
    sketch: 'sketch a(target: real, prediction: real) = abs(?) with operators abs leaves target, prediction',
    population: 4,
  });
  for (let i = 0; i < 8; i++) {
    const asked = await search.ask();
    if (asked.length === 0) return;
    await search.tell(asked.map(({ id }) => ({ id, fitness: 0.1 })));
  }
  assert.unreachable();
});

asking(
  'losses to begin with are asked about first, and learning leaves out what could not train',
  async () => {
    const search = createSearch({
      losses: ['std/mse', 'std/mae'],
      learning: { task: 'regression', outputs: 1 },
      population: 8,
    });
    const asked = await search.ask();
    assert.equal(
      asked.slice(0, 2).map(
        // Taken out of what was asked, it is the same function.
        ({ compile }) =>
          evaluateLoss(
            compile(),
            new Map([
              ['target', arrayOf([[0], [0]])],
              ['prediction', arrayOf([[1], [3]])],
            ]),
          ).value,
      ),
      [5, 2],
    );
  },
);

asking('a tuning comes to the values of the highest fitness, in whatever pieces answers come', () => {
  const points: unknown[] = [];
  for (const size of [1000, 2]) {
    const tuning = createTuning({ loss: 'std/focal', seed: 5, start: { gamma: 1 } });
    while (tuning.generations < 20) {
      const asked = tuning.ask().toReversed().slice(0, size);
      tuning.tell(
        asked.map(({ id, parameters: { gamma, alpha } }) => ({
          id,
          fitness: 1 / (1 + Math.abs(Number(gamma) - 3) + Math.abs(Number(alpha) - 0.25)),
        })),
      );
    }
    const { parameters, fitness, text } = tuning.best()!;
    assert.ok(fitness > 0.95, `${fitness}`);
    assert.match(text, `gamma: nonnegative = ${Number(Number(parameters['gamma']).toPrecision(6))}`);
    points.push(parameters);
  }
  assert.equal(points[1], points[0]);
});

asking('a point that failed is no better than the others; where all failed they are asked again', () => {
  const tuning = createTuning({ loss: 'std/focal', seed: 6 });
  const first = tuning.ask();
  tuning.tell(first.map(({ id }) => ({ id, failed: 'no machine' })));
  assert.is(tuning.generations, 0);
  const again = tuning.ask();
  assert.equal(
    again.map(({ parameters }) => parameters),
    first.map(({ parameters }) => parameters),
  );
  assert.ok(again[0]!.id > first.at(-1)!.id);
  tuning.tell(again.map(({ id }, i) => (i === 0 ? { id, failed: 'no memory' } : { id, fitness: i / 10 })));
  assert.is(tuning.generations, 1);
  assert.is(tuning.best()!.fitness, (again.length - 1) / 10);
});

/** Wrong calls, and what they are answered. */
const WRONG: Readonly<Record<string, readonly (readonly [options: unknown, message: string])[]>> = {
  createSearch: [
    [
      { skech: '' },
      'createSearch: there is no option "skech"; it takes sketch, losses, preset, population, seed, learning, repeats',
    ],
    [
      { sketch: ' ' },
      'createSearch: the option sketch must be a text, a path that ends in .loss, "std/NAME" or { name, text }, not the text " "',
    ],
    [
      { sketch: 'loss a(t: real, p: real) = (t - p)^2' },
      'createSearch: sketch.loss declares no sketch: "sketch NAME(…) = …" with a hole ? in it does',
    ],
    [
      { sketch: `${SKETCH}\n${SKETCH.replace('robust', 'other')}` },
      'createSearch: sketch.loss has several sketches (robust, other): leave one',
    ],
    [{ sketch: './missing.loss' }, 'cannot read ./missing.loss: there is no such file'],
    [{ losses: ['fn f(x) = x'] }, 'createSearch: loss.loss declares no loss: "loss NAME(…) = …" does'],
    [
      { population: 1 },
      'createSearch: the option population must be a whole number from 2, not the number 1',
    ],
    [
      { preset: 'gl' },
      'createSearch: the option preset must be one of "glo", "default", not the text "gl": did you mean "glo"?',
    ],
    [{ seed: Number.NaN }, 'createSearch: the option seed must be a text or a number, not the number NaN'],
    [
      { learning: { task: 'regression' } },
      'createSearch: the option learning must be { task, outputs }, not an object with task: the task is one of classification, regression, multi-label, quantiles, mean-and-variance',
    ],
  ],
  createTuning: [
    [undefined, 'createTuning: options must be an object, not undefined'],
    [
      {},
      'createTuning: the option loss must be a text, a path that ends in .loss, "std/NAME" or { name, text }, not undefined: createTuning({ loss: "std/focal" })',
    ],
    [{ loss: 'std/mse' }, 'mse has no parameter that can be tuned'],
    [
      { loss: 'std/focal', name: 'fokal' },
      'createTuning: the option name must be one of "focal", not the text "fokal": did you mean "focal"?',
    ],
    [
      { loss: 'std/focal', start: { gama: 1 } },
      'createTuning: a name in the option start must be one of "gamma", "alpha", not the text "gama": did you mean "gamma"?',
    ],
  ],
};

const CALLS = { createSearch, createTuning } as unknown as Readonly<
  Record<string, (options: unknown) => unknown>
>;

for (const [call, rows] of Object.entries(WRONG))
  for (const [options, message] of rows)
    asking(`${call}(${JSON.stringify(options)?.slice(0, 60)}) says what was expected`, () => {
      try {
        CALLS[call]!(options);
        assert.unreachable('nothing was thrown');
      } catch (thrown) {
        assert.is((thrown as Error).message, message);
        assert.ok(thrown instanceof TypeError || thrown instanceof RunError);
      }
    });

asking('a sketch without a hole is a mistake in the text', () => {
  try {
    createSearch({ sketch: 'sketch a(t: real, p: real) = (t - p)^2 with operators + leaves t' });
    assert.unreachable();
  } catch (thrown) {
    assert.ok(thrown instanceof LossError);
    assert.match(thrown.message, 'the sketch "a" has no hole');
  }
});

/** Wrong answers, and what they are answered: `open` and `told` are ids. */
const WRONG_ANSWERS: readonly (readonly [
  what: string,
  answers: (open: number, told: number) => unknown,
  message: (open: number, told: number) => string,
])[] = [
  ['no list', () => 7, () => 'tell: answers must be a list of { id, fitness }, not the number 7'],
  [
    'one answer',
    (id) => ({ id, fitness: 1 }),
    () =>
      'tell: answers must be a list of { id, fitness }, not an object with id, fitness: put it into a list',
  ],
  [
    'an unknown id',
    () => [{ id: 999, fitness: 1 }],
    (open) => `tell: nothing was asked with the id 999: ids so far are 0 to ${open}`,
  ],
  ['an id that was told', (_, id) => [{ id, fitness: 1 }], (_, id) => `tell: ${id} was told before`],
  [
    'an id twice',
    (id) => [
      { id, fitness: 1 },
      { id, fitness: 1 },
    ],
    (id) => `tell: ${id} is answered twice`,
  ],
  [
    'NaN',
    (id) => [{ id, fitness: Number.NaN }],
    (id) =>
      `tell: the fitness of ${id} must be a number from 0 to 1, not the number NaN: 0 is for a loss that is worth nothing, and { id, failed: "why" } for an evaluation that did not take place`,
  ],
  [
    'an error',
    (id) => [{ id, fitness: 2.5 }],
    (id) =>
      `tell: the fitness of ${id} must be a number from 0 to 1, not the number 2.5: 1 / (1 + error) turns an error into one`,
  ],
  [
    'a fitness and a failure',
    (id) => [{ id, fitness: 1, failed: 'no' }],
    (id) => `tell: ${id} has a fitness and a reason why there is none: leave out one of them`,
  ],
];

asking('wrong answers say what was expected, and none of them is taken', async () => {
  const search = createSearch({ sketch: SKETCH, population: 8 });
  const tuning = createTuning({ loss: 'std/focal' });
  const first = (await search.ask())[0]!.id;
  await search.tell([{ id: first, fitness: 0.5 }]);
  tuning.tell([{ id: tuning.ask()[0]!.id, fitness: 0.5 }]);
  const points: readonly (readonly [number, (answers: readonly Answer[]) => unknown])[] = [
    [(await search.ask()).at(-1)!.id, (answers) => search.tell(answers)],
    [tuning.ask().at(-1)!.id, (answers) => tuning.tell(answers)],
  ];
  for (const [open, tell] of points)
    for (const [what, answers, message] of WRONG_ANSWERS) {
      try {
        await tell(answers(open, 0) as readonly Answer[]);
        assert.unreachable(what);
      } catch (thrown) {
        assert.is((thrown as Error).message, message(open, 0), what);
      }
    }
  assert.equal([search.evaluations, tuning.evaluations], [1, 1]);
});

asking.run();
