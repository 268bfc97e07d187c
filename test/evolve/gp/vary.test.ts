import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Expr } from '../../../grammar/tree/ast.js';
import { crossoverPoint, crossTrees, exchange } from '../../../src/evolve/gp/crossover.js';
import { outsideSpace, overLimit } from '../../../src/evolve/gp/limits.js';
import { missingRoles, repairTrees } from '../../../src/evolve/gp/repair.js';
import { sitesOf, sizeOf } from '../../../src/evolve/gp/tree.js';
import {
  cross,
  mutate,
  mutateByPass,
  randomGrownTrees,
  randomTrees,
  type Variation,
  type VariationContext,
} from '../../../src/evolve/gp/vary.js';
import type { Trees } from '../../../src/evolve/model/genome.js';
import { MUTATION_NAMES, type MutationName } from '../../../src/evolve/model/variation.js';
import { createRandom } from '../../../src/random.js';
import { deepFreeze, GLO_SKETCH, RICH_SKETCH, sketch, spaceOf, tree } from './helpers.js';

const vary = suite('variation');

const EQUAL = Object.fromEntries(MUTATION_NAMES.map((name) => [name, 1])) as Record<MutationName, number>;
const contexts: Record<string, VariationContext> = {
  glo: { space: spaceOf(GLO_SKETCH), subtreeDepth: 3, limits: { nodes: 25, depth: 7 } },
  rich: { space: spaceOf(RICH_SKETCH), subtreeDepth: 2, limits: { nodes: 30, depth: 5 } },
};

function assertLegal(
  variation: Variation,
  context: VariationContext,
  label: string,
): asserts variation is { trees: Trees; operator: string } {
  if ('failed' in variation) throw new Error(`${label}: ${variation.failed}`);
  for (const part of variation.trees) assert.is(outsideSpace(part, context.space), undefined, label);
  assert.is(overLimit(variation.trees, context.limits), undefined, label);
  assert.equal(missingRoles(variation.trees, context.space), [], label);
  assert.is(variation.trees.length, context.space.holes, label);
}

for (const [label, context] of Object.entries(contexts)) {
  vary(`${label}: every child of 600 generations of frozen parents is legal`, () => {
    const random = createRandom(`vary ${label}`);
    const depths = { least: 1, greatest: 3 };
    let pool = Array.from({ length: 10 }, () => {
      const made = randomTrees(depths, context, random);
      assertLegal(made, context, 'random');
      return deepFreeze(made.trees);
    });
    let failures = 0;
    for (let i = 0; i < 600; i++) {
      const parent = random.pick(pool);
      const made = [
        mutate(parent, EQUAL, context, random),
        mutateByPass(parent, { 'same-arity': 0.2, collapse: 0.1, expand: 0.1 }, context, random),
        ...cross(parent, random.pick(pool), context, random),
      ];
      for (const child of made) {
        if ('failed' in child) {
          failures++;
          continue;
        }
        assertLegal(child, context, child.operator);
        pool = [...pool.slice(-19), deepFreeze(child.trees)];
      }
    }
    assert.ok(failures < 500, `${failures} failures`);
  });

  vary(`${label}: the same generator gives the same children`, () => {
    const run = (): Variation[] => {
      const random = createRandom('same');
      const first = randomTrees({ least: 2, greatest: 3 }, context, random);
      assertLegal(first, context, 'first');
      const second = randomGrownTrees(3, context, random);
      assertLegal(second, context, 'second');
      return [
        first,
        second,
        mutate(first.trees, EQUAL, context, random),
        ...cross(first.trees, second.trees, context, random),
      ];
    };
    assert.equal(run(), run());
  });
}

vary('a mutation never gives the parent back', () => {
  const context = contexts['glo']!;
  const parent = [tree('log(prediction) - target / prediction')];
  const random = createRandom('not the parent');
  for (let i = 0; i < 300; i++) {
    const child = mutate(parent, EQUAL, context, random);
    assert.not.equal('trees' in child && child.trees, parent);
  }
});

vary('mutations that cannot apply are not drawn', () => {
  const context = { ...contexts['glo']!, limits: { nodes: 3, depth: 2 } };
  const only = { ...EQUAL };
  for (const name of MUTATION_NAMES) only[name] = name === 'perturb' ? 1 : 0;
  const child = mutate([tree('target / prediction')], only, context, createRandom(1));
  assert.equal(child, { failed: 'no mutation applies', operator: 'mutation' });
});

vary('a child over the limit is given up with the reason', () => {
  const context = { ...contexts['glo']!, limits: { nodes: 3, depth: 1 } };
  const only = { ...EQUAL };
  for (const name of MUTATION_NAMES) only[name] = name === 'insert' ? 1 : 0;
  const child = mutate([tree('target / prediction')], only, context, createRandom(1));
  assert.ok('failed' in child && /limit is 3/.test(child.failed), JSON.stringify(child));
});

vary('exchange of two subtrees loses and invents no symbol', () => {
  const random = createRandom('symbols');
  const first = tree('log(prediction) - target / (prediction + 1)');
  const second = tree('square(target * -1) + sqrt(prediction)');
  const symbols = (...trees: Expr[]): string[] =>
    trees
      .flatMap((part) =>
        sitesOf(part).map(({ node }) => JSON.stringify({ ...node, left: 0, right: 0, args: 0 })),
      )
      .sort();
  for (let i = 0; i < 200; i++)
    assert.equal(symbols(...crossTrees(first, second, random)), symbols(first, second));
});

vary('the crossings of two small trees are exactly these', () => {
  const first = tree('log(target)');
  const second = tree('prediction + 1');
  const pairs = sitesOf(first).flatMap((a) =>
    sitesOf(second).map((b) => exchange(first, a.path, second, b.path)),
  );
  const expected = [
    ['prediction + 1', 'log(target)'],
    ['prediction', 'log(target) + 1'],
    ['1', 'prediction + log(target)'],
    ['log(prediction + 1)', 'target'],
    ['log(prediction)', 'target + 1'],
    ['log(1)', 'prediction + target'],
  ].map(([a, b]) => [tree(a!), tree(b!)]);
  assert.equal(pairs, expected);
});

vary('crossover points are at inner nodes nine times in ten', () => {
  const random = createRandom('points');
  const big = tree('log(prediction) - target / prediction');
  const inner = Array.from({ length: 1000 }, () => crossoverPoint(big, random)).filter(
    (path) => path.length < 2 && JSON.stringify(path) !== '[1,0]',
  ).length;
  assert.ok(inner > 860 && inner < 940, `${inner} of 1000`);
});

vary('crossover of a sketch with two holes stays in one hole', () => {
  const context = contexts['rich']!;
  // Both roles in both holes, so that no repair is needed.
  const first = [tree('target + prediction'), tree('target * log(prediction)')];
  const second = [tree('exp(target - prediction)'), tree('tanh(prediction) - target')];
  const random = createRandom('holes');
  for (let i = 0; i < 50; i++) {
    for (const [k, child] of cross(first, second, context, random).entries()) {
      if ('failed' in child) continue;
      const parent = [first, second][k]!;
      const same = child.trees.filter(
        (part, hole) => JSON.stringify(part) === JSON.stringify(parent[hole]),
      ).length;
      assert.ok(same >= 1);
    }
  }
});

const REPAIRS: readonly { of: string; gives: readonly string[] }[] = [
  {
    of: '1',
    gives: ['target + prediction', 'target - prediction', 'prediction + target', 'prediction - target'],
  },
  {
    of: 'log(target)',
    gives: ['+', '-'].flatMap((op) => [`log(target ${op} prediction)`, `log(prediction ${op} target)`]),
  },
  { of: 'target - 1', gives: ['target - prediction'] },
  { of: 'prediction - prediction', gives: ['target - prediction', 'prediction - target'] },
];
for (const { of, gives } of REPAIRS) {
  vary(`repair of ${of}: exactly ${gives.length} results`, () => {
    const space = spaceOf(
      sketch(`
sketch r(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + - log leaves target, prediction, 1`),
    );
    const random = createRandom('repair');
    const found = new Set(
      Array.from({ length: 200 }, () => JSON.stringify(repairTrees([tree(of)], space, random)[0])),
    );
    assert.equal([...found].sort(), gives.map((text) => JSON.stringify(tree(text))).sort());
  });
}

vary('nothing is repaired that the sketch itself mentions', () => {
  const space = spaceOf(
    sketch(`
sketch r(target: onehot[class], prediction: probability[class]) = -sum(target * ?, class)
  with operators + log leaves target, prediction, 1`),
  );
  const trees = [tree('log(prediction)')];
  assert.is(repairTrees(trees, space, createRandom(1)), trees);
});

vary('sizes count -1 as one node', () => {
  assert.is(sizeOf(tree('-1 * target')), 3);
});

vary.run();
