import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expr } from '../../../grammar/tree/ast.js';
import { replaceAt } from '../../../grammar/tree/walk.js';
import { MUTATIONS, type MutationContext } from '../../../src/evolve/gp/mutations.js';
import { sitesOf } from '../../../src/evolve/gp/tree.js';
import { MUTATION_NAMES, type MutationName } from '../../../src/evolve/model/variation.js';
import { createRandom } from '../../../src/random.js';
import { GLO_SKETCH, sketch, spaceOf, tree } from './helpers.js';

const mutations = suite('mutations');

const small = sketch(`
sketch small(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + - log leaves target, prediction, 1
`);
const context: MutationContext = { space: spaceOf(small), subtreeDepth: 0 };

/** Every tree that an edit makes of a tree, over all sites and many draws, as JSON. */
function results(name: MutationName, text: string, using = context, draws = 400): Set<string> {
  const random = createRandom(`results of ${name}`);
  const parent = tree(text);
  const before = JSON.stringify(parent);
  const found = new Set<string>();
  for (const { path, node } of sitesOf(parent)) {
    if (!MUTATIONS[name].appliesAt(node, using)) continue;
    for (let i = 0; i < draws; i++) {
      found.add(JSON.stringify(replaceAt(parent, path, MUTATIONS[name].edit(node, using, random))));
    }
  }
  assert.is(JSON.stringify(parent), before, 'the parent was touched');
  return found;
}

const expected = (...texts: string[]): Set<string> =>
  new Set(texts.map((text) => JSON.stringify(tree(text))));
const sorted = (set: Set<string>): string[] => [...set].sort();

/** For a small tree, exactly these and no other results. */
const CASES: { readonly [M in MutationName]: readonly { of: string; gives: readonly string[] }[] } = {
  'integer-step': [
    { of: '1 + target', gives: ['2 + target', '0 + target'] },
    { of: 'target - prediction', gives: [] },
  ],
  'same-arity': [
    {
      of: 'target + prediction',
      gives: [
        'target - prediction',
        'prediction + prediction',
        '1 + prediction',
        'target + target',
        'target + 1',
      ],
    },
    { of: 'log(1)', gives: ['log(target)', 'log(prediction)'] },
  ],
  collapse: [
    { of: 'log(target) + 1', gives: ['target', 'prediction', '1', 'target + 1', 'prediction + 1', '1 + 1'] },
  ],
  expand: [
    {
      of: 'target',
      gives: [
        ...['target', 'prediction', '1'].map((leaf) => `log(${leaf})`),
        ...['+', '-'].flatMap((op) =>
          ['target', 'prediction', '1'].flatMap((a) =>
            ['target', 'prediction', '1'].map((b) => `${a} ${op} ${b}`),
          ),
        ),
      ],
    },
  ],
  subtree: [
    { of: 'log(1)', gives: ['target', 'prediction', '1', 'log(target)', 'log(prediction)', 'log(1)'] },
  ],
  insert: [
    {
      of: 'target',
      gives: [
        'log(target)',
        ...['+', '-'].flatMap((op) =>
          ['target', 'prediction', '1'].flatMap((leaf) => [`target ${op} ${leaf}`, `${leaf} ${op} target`]),
        ),
      ],
    },
  ],
  hoist: [{ of: 'log(target - 1)', gives: ['target - 1', 'target', '1', 'log(target)', 'log(1)'] }],
  swap: [
    { of: 'target - log(prediction)', gives: ['log(prediction) - target'] },
    { of: 'target + target', gives: [] },
  ],
  perturb: [{ of: '1 + target', gives: [] }],
  simplify: [{ of: 'target + target', gives: [] }],
};

for (const name of MUTATION_NAMES) {
  for (const { of, gives } of CASES[name]) {
    mutations(`${name} of ${of}: exactly ${gives.length} results`, () => {
      assert.equal(sorted(results(name, of)), sorted(expected(...gives)));
    });
  }
}

mutations('swap of three operands exchanges each pair', () => {
  const clip = sketch(`
sketch c(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators clip leaves target, prediction, 1
`);
  assert.equal(
    sorted(results('swap', 'clip(target, prediction, 1)', { ...context, space: spaceOf(clip) })),
    sorted(
      expected('clip(prediction, target, 1)', 'clip(1, prediction, target)', 'clip(target, 1, prediction)'),
    ),
  );
});

mutations('perturb keeps a constant in the domain it was drawn from, and leaves names alone', () => {
  const drawn = sketch(`
sketch d(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + leaves target, prediction, between(-1, 1)
`);
  const values = [...results('perturb', '0.9 + target', { ...context, space: spaceOf(drawn) })].map(
    (text) => (JSON.parse(text) as { left: { value?: number; operand?: { value: number } } }).left,
  );
  const numbers = values.map((left) => left.value ?? -left.operand!.value);
  assert.ok(numbers.length > 50, 'many values');
  assert.ok(numbers.every((value) => value >= -1 && value <= 1));
  assert.ok(numbers.includes(1), 'clamped at the bound');
});

mutations('perturb can change the sign and leave zero', () => {
  const drawn = sketch(`
sketch d(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + leaves target, prediction, real
`);
  const found = results('perturb', '0', { ...context, space: spaceOf(drawn) });
  assert.ok(
    [...found].some((text) => text.includes('"-"')) && [...found].some((text) => !text.includes('"-"')),
  );
});

mutations(
  'simplify uses the simplifier where the sketch can say the result, and keeps the node where it cannot',
  () => {
    const half: Expr = tree('target');
    const using = { ...context, simplify: () => half };
    assert.equal(sorted(results('simplify', 'target + target', using)), sorted(expected('target')));
    const outside = { ...context, simplify: () => tree('exp(target)') };
    assert.equal(
      sorted(results('simplify', 'target + target', outside)),
      sorted(expected('target + target')),
    );
  },
);

mutations('a constant outside the sketch is not made', () => {
  const ones = sketch(`
sketch o(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + leaves target, prediction, 0.5
`);
  assert.is(results('integer-step', '0.5 + target', { ...context, space: spaceOf(ones) }).size, 0);
});

mutations('weights steer the draw', () => {
  const space = spaceOf(GLO_SKETCH, { prediction: 1000 });
  const random = createRandom('weights');
  const drawn = Array.from({ length: 100 }, () =>
    MUTATIONS.collapse.edit(tree('log(1)'), { ...context, space }, random),
  );
  assert.ok(drawn.filter((node) => node.kind === 'name' && node.name === 'prediction').length > 95);
});

mutations.run();
