import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CmaState, createCma } from '../../../src/evolve/cmaes/cmaes.js';
import { medianOf, stopReason } from '../../../src/evolve/cmaes/stop.js';
import { createRandom } from '../../../src/random.js';

/** The criteria of N. Hansen, arXiv:1604.00772, appendix B.3, for histories and states made by hand. */
const stop = suite('when a run of CMA-ES has nothing left to find');

const LAMBDA = 6;
const fresh = createCma({ mean: [1, 1], sigma: 1, lambda: LAMBDA }, createRandom('stop'), 'stop').state();
const at = (generation: number, more: Partial<CmaState> = {}): CmaState => ({
  ...fresh,
  generation,
  ...more,
});
const times = (count: number, value: number): number[] => Array<number>(count).fill(value);
const history = (best: readonly number[], median = best) => ({ best, median });

stop('nothing at the start', () => {
  assert.is(stopReason(fresh, history([]), LAMBDA), undefined);
});

// In two dimensions 10 + 30 * 2 / 6 = 20 generations.
stop('values flat: over 10 + 30 n / lambda generations', () => {
  const far = times(30, 5);
  assert.is(stopReason(at(30), history([...far, ...times(20, 1)]), LAMBDA), 'values flat');
  assert.is(stopReason(at(30), history([...far, ...times(19, 1)]), LAMBDA), undefined);
  assert.is(stopReason(at(30), history(times(19, 1)), LAMBDA), undefined);
  assert.is(stopReason(at(30), history([...times(19, 1), 1 + 1e-11]), LAMBDA), undefined);
  assert.is(stopReason(at(30), history([...times(19, 1), 1 + 1e-13]), LAMBDA), 'values flat');
});

// 120 + 30 * 2 / 6 + 0.2 * 100 = 150 generations; three tenths of them are 45.
stop('stagnation: the last three tenths are no better than the first', () => {
  // Not flat.
  const about = (count: number, value: number): number[] =>
    times(count, value).map((v, i) => v + 0.01 * (i % 2));
  const worse = [...about(45, 1), ...about(60, 0), ...about(45, 2)];
  const better = [...about(45, 2), ...about(60, 0), ...about(45, 1)];
  assert.is(stopReason(at(100), history(worse), LAMBDA), 'stagnation');
  assert.is(stopReason(at(100), history(better), LAMBDA), undefined);
  assert.is(stopReason(at(100), history(worse, better), LAMBDA), undefined, 'the medians fall');
  assert.is(stopReason(at(100), history(better, worse), LAMBDA), undefined, 'the best ones fall');
  assert.is(stopReason(at(100), history(worse.slice(1)), LAMBDA), undefined, 'too short');
  assert.is(stopReason(at(100), history([...about(200, 0), ...better]), LAMBDA), undefined, 'long ago');
});

// 100 + 150 * (2 + 3)^2 / sqrt(6) = 1630.9.
stop('too many generations', () => {
  assert.is(stopReason(at(1630), history([]), LAMBDA), undefined);
  assert.is(stopReason(at(1631), history([]), LAMBDA), 'too many generations');
});

stop('condition too high: the ratio of the squared axes is more than 1e14', () => {
  assert.is(stopReason(at(1, { axisLengths: [1, 0.9e7] }), history([]), LAMBDA), 'step size exploded');
  assert.is(stopReason(at(1, { axisLengths: [1e-5, 90] }), history([]), LAMBDA), undefined);
  assert.is(stopReason(at(1, { axisLengths: [1e-5, 110] }), history([]), LAMBDA), 'condition too high');
});

stop('step size exploded: ten thousand times the first one', () => {
  assert.is(stopReason(at(1, { sigma: 9_999 }), history([]), LAMBDA), undefined);
  assert.is(stopReason(at(1, { sigma: 10_001 }), history([]), LAMBDA), 'step size exploded');
});

stop('steps tiny: in every direction less than 1e-12 of the first one', () => {
  const tiny = (sigma: number, pathC = [0, 0]) => at(1, { sigma, pathC, mean: [0, 0] });
  assert.is(stopReason(tiny(0.9e-12), history([]), LAMBDA), 'steps tiny');
  assert.is(stopReason(tiny(1.1e-12), history([]), LAMBDA), undefined);
  assert.is(stopReason(tiny(0.9e-12, [0, 2]), history([]), LAMBDA), undefined, 'the path is long');
});

stop('no effect: a fifth of a standard deviation does not move the mean', () => {
  const of = (mean: number) => at(1, { mean: [mean, mean] });
  assert.is(stopReason(of(1e15), history([]), LAMBDA), undefined);
  assert.is(stopReason(of(1e17), history([]), LAMBDA), 'no effect');
});

stop('the median of an even number is the mean of the two in the middle', () => {
  assert.is(medianOf([3, 1, 2]), 2);
  assert.is(medianOf([4, 1, 3, 2]), 2.5);
});

stop.run();
