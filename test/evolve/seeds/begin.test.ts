import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readSketch } from '../../../src/evolve/losses/subject.js';
import type { NamedSources } from '../../../src/evolve/model/sources.js';
import { defaultSketch } from '../../../src/evolve/run/default-sketch.js';
import { beginning } from '../../../src/evolve/seeds/begin.js';

/** Where a search begins. */
const begins = suite('beginnings');

const BASE = { sources: defaultSketch('default', 'classification') };
const text = (source: string): NamedSources => ({
  sources: { source: { name: 'text', text: source }, imports: [] },
});
const SIGNATURE = 'target: onehot[class], prediction: probability[class]';
const sketchOf = (body: string, words: string, functions = ''): NamedSources =>
  text(`${functions}\nsketch s(${SIGNATURE}) = ${body}\n  with ${words}`);
const loss = (body: string, name = 'mine'): NamedSources => text(`loss ${name}(${SIGNATURE}) = ${body}`);

const MEAN = sketchOf('-mean(?, class)', 'operators + - * / log leaves target, prediction, 1, -1');

begins('without losses the sketch is what it was', () => {
  assert.equal(beginning({ sketch: MEAN, seeds: [], base: BASE }), { sketch: MEAN, genomes: [] });
});

begins('a loss that the sketch allows is its tree there', () => {
  const { sketch, genomes } = beginning({
    sketch: MEAN,
    seeds: [loss('-mean(target * log(prediction), class)')],
    base: BASE,
    widen: true,
  });
  assert.is(sketch, MEAN);
  assert.equal(genomes, [['target * log(prediction)']]);
});

begins('a let of the sketch is a leaf', () => {
  const sketch = sketchOf(
    '\n  let p = sum(target * prediction, class)\n  -?',
    'operators + - * log leaves p, 1, real',
  );
  const seeds = [loss('-log(sum(target * prediction, class))')];
  assert.equal(beginning({ sketch, seeds, base: BASE }).genomes, [['log(p)']]);
});

begins('what reduces is written in the functions of the sketch', () => {
  const sketch = sketchOf(
    '?',
    'operators + - * log total leaves target, prediction, 1, real',
    'fn total(e) = sum(e, class)',
  );
  const seeds = [loss('0 - sum(target * log(prediction), class)')];
  assert.equal(beginning({ sketch, seeds, base: BASE }).genomes, [['0 - total(target * log(prediction))']]);
});

begins('all that losses need beyond the sketch is one list', () => {
  const seeds = [
    loss('-mean(exp(target) * sqrt(prediction) + 0.3 * target, class)', 'first'),
    loss('max(prediction, class) - sum(target * prediction, class)', 'second'),
  ];
  assert.throws(
    () => beginning({ sketch: MEAN, seeds, base: BASE }),
    /^the search cannot start from first: the sketch lacks the operators exp, sqrt and the leaf 0\.3; second: its body does not have the form of the sketch$/,
  );
});

begins('--widen adds operators and leaves, and the form stays', () => {
  const seeds = [loss('-mean(half(target) * sqrt(prediction) + 0.3 * target, class)\nfn half(x) = x / 2')];
  const { sketch, genomes } = beginning({ sketch: MEAN, seeds, base: BASE, widen: true });
  assert.equal(genomes, [['half(target) * sqrt(prediction) + 0.3 * target']]);
  const { sketch: wider } = readSketch(sketch.sources, sketch.name);
  assert.equal(
    wider.operators.map(({ name }) => name),
    ['+', '-', '*', '/', 'log', 'half', 'sqrt'],
  );
  assert.match(sketch.sources.source.text, /-mean\(\?, class\)/);
  assert.match(sketch.sources.source.text, /leaves target, prediction, 1, -1, real/);
});

begins('--widen makes the whole body the hole where a loss has another form', () => {
  const seeds = [
    loss('max(prediction, class) - sum(target * prediction, class)'),
    loss('-mean(target * log(prediction), class)', 'other'),
  ];
  const { sketch, genomes } = beginning({ sketch: MEAN, seeds, base: BASE, widen: true });
  assert.equal(genomes, [
    ['max_class(prediction) - sum_class(target * prediction)'],
    ['-1 * mean_class(target * log(prediction))'],
  ]);
  const { sketch: wider } = readSketch(sketch.sources, sketch.name);
  assert.equal(
    wider.operators.map(({ name }) => name),
    ['+', '-', '*', '/', 'log', 'max_class', 'sum_class', 'mean_class'],
  );
});

begins.run();
