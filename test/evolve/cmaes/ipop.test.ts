import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMinimiser, type Minimiser, restoreMinimiser } from '../../../src/evolve/cmaes/ipop.js';
import { nextEffort, rankUncertainty, reevaluations } from '../../../src/evolve/cmaes/noise.js';
import { createRandom } from '../../../src/random.js';
import { type Objective, PROBLEMS } from '../../bench/cma-functions.js';

const ipop = suite('restarts and noise');

const rastrigin: Objective = (x) =>
  x.reduce((sum, v) => sum + 10 + v * v - 10 * Math.cos(2 * Math.PI * v), 0);

function run(minimiser: Minimiser, objective: Objective, until: (m: Minimiser) => boolean): void {
  while (!until(minimiser)) {
    const points = minimiser.ask();
    const average = (x: readonly number[]): number => {
      const count = minimiser.evaluations();
      return Array.from({ length: count }, () => objective(x)).reduce((a, b) => a + b, 0) / count;
    };
    const values = points.map(average);
    minimiser.tell(values, points.slice(0, minimiser.reevaluate()).map(average));
  }
}

ipop('Rastrigin in 4 dimensions is solved by restarts with a doubled population, and each says why', () => {
  const box = { lower: Array(4).fill(-5), upper: Array(4).fill(5) };
  const minimiser = createMinimiser({ mean: [3, 3, 3, 3], sigma: 2, restartBox: box }, 'rastrigin');
  run(minimiser, rastrigin, (m) => (m.best()?.value ?? 1) < 1e-9 || m.state().restarts.length > 8);
  const { restarts } = minimiser.state();
  assert.ok(minimiser.best()!.value < 1e-9, `best ${minimiser.best()!.value}`);
  assert.ok(restarts.length > 0, 'the first run was expected to fail');
  assert.equal(
    restarts.map((restart) => restart.lambda),
    restarts.map((_, i) => 8 * 2 ** i),
  );
  assert.ok(restarts.every((restart) => restart.reason === 'values flat' || restart.reason === 'steps tiny'));
});

ipop('a constant function ends every run instead of going on for ever', () => {
  const minimiser = createMinimiser({ mean: [0, 0], sigma: 1 }, 'flat');
  run(
    minimiser,
    () => 1,
    (m) => m.state().restarts.length > 1,
  );
  assert.is(minimiser.state().restarts[0]!.reason, 'values flat');
});

for (const [name, mostEvaluations] of [
  ['', 1],
  [', and with noise those of repetitions', 5],
] as const)
  ipop(`every evaluation is counted, over restarts${name}`, () => {
    const noise = createRandom('count');
    const minimiser = createMinimiser({ mean: [0, 0], sigma: 1, mostEvaluations }, 'count');
    let count = 0;
    const flat: Objective = () => {
      count++;
      return mostEvaluations > 1 && count < 300 ? noise.normal() : 1;
    };
    run(minimiser, flat, (m) => m.state().restarts.length > 1);
    const { spent, strategy, restarts } = minimiser.state();
    assert.is(spent + strategy.evaluations, count);
    if (mostEvaluations === 1)
      assert.is(
        restarts.reduce((sum, { evaluations }) => sum + evaluations, 0),
        count,
      );
  });

ipop('a linear function stops because the step size explodes', () => {
  const minimiser = createMinimiser({ mean: [0, 0], sigma: 1 }, 'linear');
  run(
    minimiser,
    ([x]) => x!,
    (m) => m.state().restarts.length > 0,
  );
  assert.is(minimiser.state().restarts[0]!.reason, 'step size exploded');
});

ipop('resuming in the middle of a generation after a restart gives the identical path', () => {
  const options = { mean: [3, 3], sigma: 2, restartBox: { lower: [-5, -5], upper: [5, 5] } };
  const whole = createMinimiser(options, 'resume');
  run(whole, rastrigin, (m) => m.state().restarts.length === 1);
  whole.ask();
  const copy = restoreMinimiser(JSON.parse(JSON.stringify(whole.state())));
  for (const minimiser of [whole, copy]) run(minimiser, rastrigin, (m) => m.state().restarts.length === 2);
  assert.equal(copy.state(), whole.state());
});

ipop('without noise the ranking is certain; a swap of best and worst is not', () => {
  const first = [1, 2, 3, 4, 5, 6, 7, 8];
  assert.ok(rankUncertainty(first, first, 2) <= 0);
  assert.ok(rankUncertainty(first, [8.5, 0.5, 3, 4, 5, 6, 7, 8], 2) > 0);
  assert.is(reevaluations(8), 2);
  assert.is(reevaluations(40), 4);
});

ipop('effort grows while noise decides and falls back when it does not', () => {
  let effort = 1;
  for (let i = 0; i < 20; i++) effort = nextEffort(effort, 1, 10);
  assert.is(effort, 10);
  for (let i = 0; i < 60; i++) effort = nextEffort(effort, -1, 10);
  assert.is(effort, 1);
});

ipop('on a noisy sphere re-evaluation keeps the worst of several runs near the minimum', () => {
  const distance = (mostEvaluations: number, seed: number): number => {
    const noise = createRandom(`noise ${seed}`);
    const mean = Array(10).fill(3);
    const minimiser = createMinimiser({ mean, sigma: 1, mostEvaluations }, `noisy ${seed}`);
    let count = 0;
    const objective: Objective = (x) => {
      count++;
      return PROBLEMS.sphere.objective(x) + noise.normal();
    };
    run(minimiser, objective, () => count > 3000);
    return PROBLEMS.sphere.objective(minimiser.mean());
  };
  const seeds = [1, 2, 3, 4, 5];
  const handled = Math.max(...seeds.map((seed) => distance(100, seed)));
  const plain = Math.max(...seeds.map((seed) => distance(1, seed)));
  assert.ok(handled < 1, `with re-evaluation ${handled}`);
  assert.ok(handled < plain, `with ${handled}, without ${plain}`);
});

ipop.run();
