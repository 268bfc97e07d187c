import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KnownLoss, ScreenedRow } from '../../../src/evolve/model/evaluation.js';
import type { Analysis } from '../../../src/evolve/model/evaluator.js';
import { BETTER, type SearchSettings } from '../../../src/evolve/model/settings.js';
import { createMemory, type Memory } from '../../../src/evolve/search/memory.js';
import { judge } from '../../../src/evolve/search/verdict.js';

/** What a run remembers of losses that it has met, and what screening makes of that. */
const memory = suite('memory of a run');

function rowOf(id: number, more: Partial<ScreenedRow> = {}): ScreenedRow {
  return {
    ...{ id, generation: 0, island: 0, genome: ['x'], size: 1, parents: [], operator: 'random' },
    ...{ canonical: `c${id}`, gradient: `g${id}`, fingerprint: `f${id}`, features: [1], flipped: false },
    ...{ outcome: 'trained', scores: [0.5], complete: true, steps: 10, milliseconds: {} },
    ...more,
  };
}
const NOTHING = { canonical: '', gradient: '', fingerprint: '' };
const metBy = (of: Memory, keys: Partial<typeof NOTHING>): readonly [number, string] | undefined => {
  const match = of.match({ ...NOTHING, ...keys });
  return match && [match.row.id, match.how];
};

memory('the first with a form is found by it, before the gradient, before the fingerprint', () => {
  const of = createMemory([rowOf(0), rowOf(1), rowOf(2, { canonical: 'c0' })]);
  assert.equal(metBy(of, { canonical: 'c0' }), [0, 'canonical form']);
  assert.equal(metBy(of, { gradient: 'g1' }), [1, 'gradient form']);
  assert.equal(metBy(of, { fingerprint: 'f2' }), [2, 'fingerprint']);
  assert.equal(metBy(of, { canonical: 'c1', gradient: 'g0', fingerprint: 'f2' }), [1, 'canonical form']);
  assert.equal(metBy(of, { gradient: 'g0', fingerprint: 'f2' }), [0, 'gradient form']);
  assert.is(metBy(of, { canonical: 'c9' }), undefined);
});

memory('what has no key is not like anything else without one', () => {
  const of = createMemory([rowOf(0, NOTHING)]);
  assert.is(metBy(of, NOTHING), undefined);
});

memory('what was known, what failed and what was only passed over is not met', () => {
  const of = createMemory([
    rowOf(1, { outcome: 'known', sameAs: 0 }),
    rowOf(2, { outcome: 'known', sameAs: 1 }),
    rowOf(3, { outcome: 'failed' }),
    rowOf(4, { outcome: 'rejected', stage: 'neighbours' }),
    rowOf(5, { outcome: 'rejected', stage: 'shape', scores: [] }),
    rowOf(6, { outcome: 'known', sameAs: -1 }),
  ]);
  for (const id of [1, 2, 3, 4]) assert.is(metBy(of, { canonical: `c${id}` }), undefined, `${id}`);
  assert.equal(metBy(of, { canonical: 'c5' }), [5, 'canonical form']);
  assert.equal(metBy(of, { canonical: 'c6' }), [6, 'canonical form'], 'known from an earlier run');
  assert.equal(
    of.trained().map(({ id }) => id),
    [6],
  );
});

memory('an earlier run is asked last; its losses count down from -1', () => {
  const known = ['a', 'b'].map(
    (name): KnownLoss => ({
      ...{ run: 'r', canonical: name, gradient: '', fingerprint: '', features: [1] },
      ...{ genome: [name], size: 1, score: 0.25 },
    }),
  );
  const of = createMemory([rowOf(7, { canonical: 'b' })], known);
  assert.equal(metBy(of, { canonical: 'a' }), [-1, 'canonical form']);
  assert.equal(metBy(of, { canonical: 'b' }), [7, 'canonical form']);
  assert.equal(of.match({ ...NOTHING, canonical: 'a' })!.row.scores, [0.25]);
});

const stages = suite('verdicts on what is known');
const ANALYSIS: Analysis = {
  ...{ genome: ['x'], size: 1, flipped: false, rejections: [], features: [], milliseconds: {} },
  ...{ canonical: 'c0', gradient: 'g0', fingerprint: 'f0' },
};
const withStages = (canonical: boolean, gradient: boolean): SearchSettings => ({
  ...BETTER,
  stages: { ...BETTER.stages, canonical, gradient, neighbours: false },
});

for (const [canonical, gradient, keys, stage] of [
  [true, true, { canonical: 'c0' }, 'canonical'],
  [false, true, { canonical: 'c0' }, undefined],
  [true, true, { gradient: 'g0' }, 'gradient'],
  [true, false, { gradient: 'g0' }, undefined],
  [true, true, { fingerprint: 'f0' }, 'gradient'],
  [true, false, { fingerprint: 'f0' }, undefined],
] as const)
  stages(`by its ${Object.keys(keys)}, canonical ${canonical}, gradient ${gradient}`, () => {
    const candidate = rowOf(9, { ...NOTHING, ...keys, outcome: 'pending', scores: [] });
    const { row } = judge(
      withStages(canonical, gradient),
      candidate,
      ANALYSIS,
      [createMemory([rowOf(0)])],
      [],
    );
    assert.is(row.stage, stage);
    assert.is(row.outcome, stage === undefined ? 'pending' : 'known');
    if (stage === undefined) return;
    assert.is(row.sameAs, 0);
    assert.equal(row.scores, [0.5]);
  });

memory.run();
stages.run();
