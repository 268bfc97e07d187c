import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Cma, createCma, type NormalVector, restoreCma } from '../../../src/evolve/cmaes/cmaes.js';
import { cmaParameters } from '../../../src/evolve/cmaes/parameters.js';
import { createRandom } from '../../../src/random.js';
import { type Objective, PROBLEMS, type ProblemName } from '../../bench/cma-functions.js';
import { countEvaluations, medianCount, PYCMA_MEDIANS } from '../../bench/cma-reference.js';
import { assertClose } from '../../helpers/close.js';

const cmaes = suite('CMA-ES');

function steps(cma: Cma, objective: Objective, generations: number): number[][] {
  const means: number[][] = [];
  for (let i = 0; i < generations; i++) {
    cma.tell(cma.ask().map(objective));
    means.push(cma.centre());
  }
  return means;
}

cmaes('default parameters at n = 10 are those of the reference', () => {
  const p = cmaParameters(10);
  assert.is(p.lambda, 10);
  assert.is(p.mu, 5);
  assertClose(
    [p.muEff, p.cc, p.cs, p.c1, p.cmu, p.damps, p.chiN],
    [3.167299, 0.29499, 0.284429, 0.0152838, 0.0201543, 1.217888, 3.084727],
    1e-6,
  );
  assertClose(p.weights.slice(0, 5), [0.4563, 0.2708, 0.1622, 0.0852, 0.0255], 5e-5);
});

cmaes('negative weights balance the learning rates, so that C does not decay by itself', () => {
  const { weights, c1, cmu } = cmaParameters(10);
  assertClose(c1 + cmu * weights.reduce((sum, w) => sum + w, 0), 0, 1e-12);
  const passive = cmaParameters(10, 10, false).weights;
  assert.ok(passive.slice(5).every((w) => Math.abs(w) === 0));
});

// The whole table, with 21 seeds and n = 20, is test/bench/cmaes.bench.ts.
for (const name of Object.keys(PROBLEMS) as ProblemName[]) {
  for (const n of [5, 10] as const) {
    cmaes(`${name}, n = ${n}: median evaluations within 15 % of pycma`, () => {
      const median = medianCount(name, n, 21);
      const ratio = median / PYCMA_MEDIANS[name][n];
      assert.ok(ratio > 0.85 && ratio < 1.15, `median ${median}, ratio ${ratio.toFixed(3)}`);
    });
  }
}

cmaes('sphere, n = 20: evaluations within the range of pycma', () => {
  const count = countEvaluations('sphere', 20, 'one seed');
  assert.ok(count > 2600 && count < 3500, `${count} evaluations`);
});

for (const [label, transform] of [
  ['exp', (y: number) => Math.exp(y / 100)],
  ['cube', (y: number) => y * y * y],
  ['a step up at 10', (y: number) => (y > 10 ? y + 1e6 : y)],
] as const) {
  cmaes(`a monotone transform changes nothing: ${label}`, () => {
    const { objective } = PROBLEMS.rosenbrock;
    const options = { mean: [0, 0, 0, 0, 0], sigma: 0.5 };
    const plain = steps(createCma(options, createRandom(3)), objective, 60);
    const other = steps(createCma(options, createRandom(3)), (x) => transform(objective(x)), 60);
    assert.equal(other, plain);
  });
}

/** An orthogonal matrix: a product of rotations in coordinate planes, row-major. */
function rotation(n: number, seed: string): (x: readonly number[], inverse?: boolean) => number[] {
  const random = createRandom(seed);
  const turns = Array.from({ length: 3 * n }, () => {
    const i = random.int(n);
    return { i, j: (i + 1 + random.int(n - 1)) % n, angle: random.next() * 2 * Math.PI };
  });
  return (x, inverse = false) => {
    const y = [...x];
    for (const { i, j, angle } of inverse ? turns.toReversed() : turns) {
      const [c, s] = [Math.cos(angle), inverse ? -Math.sin(angle) : Math.sin(angle)];
      [y[i], y[j]] = [c * y[i]! - s * y[j]!, s * y[i]! + c * y[j]!];
    }
    return y;
  };
}

cmaes('turning the problem turns the path', () => {
  const n = 6;
  const turn = rotation(n, 'turn');
  const { objective } = PROBLEMS.ellipsoid;
  const turned: NormalVector = (random) => turn(Array.from({ length: n }, () => random.normal()));
  const mean = [3, 1, -2, 0.5, 4, 2];
  const plain = steps(createCma({ mean, sigma: 2 }, createRandom(11)), objective, 80);
  const rotated = steps(
    createCma({ mean: turn(mean), sigma: 2 }, createRandom(11), '', turned),
    (x) => objective(turn(x, true)),
    80,
  );
  for (const [generation, point] of rotated.entries()) {
    assertClose(turn(point, true), plain[generation]!, 1e-6, `generation ${generation}`);
  }
});

cmaes('state is JSON, and a restored strategy takes the identical path', () => {
  const { objective } = PROBLEMS.tablet;
  const whole = createCma({ mean: [3, 3, 3, 3], sigma: 2 }, createRandom('resume'), 'resume');
  steps(whole, objective, 20);
  whole.ask();
  const copy = restoreCma(JSON.parse(JSON.stringify(whole.state())));
  assert.equal(copy.ask(), whole.ask());
  assert.equal(steps(copy, objective, 40), steps(whole, objective, 40));
});

cmaes('points stay within the bounds and a minimum on a bound is found', () => {
  const bounds = { lower: [1, null, 0], upper: [4, 2, 0.5] };
  const cma = createCma({ mean: [2, 0, 0.2], sigma: 1, bounds }, createRandom(5));
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 150; i++) {
    const points = cma.ask();
    for (const point of points) {
      for (const [k, x] of point.entries()) assert.ok(x >= (bounds.lower[k] ?? x) && x <= bounds.upper[k]!);
    }
    const values = points.map(([x, y, z]) => x! ** 2 + (y! - 5) ** 2 + (z! - 0.3) ** 2);
    best = Math.min(best, ...values);
    cma.tell(values);
  }
  assertClose(best, 1 + 9, 1e-9);
});

cmaes('a third of the values missing does not stop it', () => {
  const random = createRandom('holes');
  const cma = createCma({ mean: [3, 3, 3, 3, 3], sigma: 2 }, createRandom(9));
  const { objective } = PROBLEMS.sphere;
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 400 && best > 1e-9; i++) {
    const points = cma.ask();
    best = Math.min(best, ...points.map(objective));
    cma.tell(points.map((x) => (random.next() < 1 / 3 ? Number.NaN : objective(x))));
  }
  assert.ok(best <= 1e-9, `best ${best}`);
});

cmaes('telling the wrong number of values is our own bug', () => {
  const cma = createCma({ mean: [0, 0], sigma: 1 }, createRandom(1));
  cma.ask();
  assert.throws(() => cma.tell([1]), /one value for each/);
});

cmaes.run();
