import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lowerLoss } from '../../../compiler/lower/lower.js';
import { programOf } from '../../../compiler/resolve/program.js';
import { printDecl } from '../../../grammar/print/print.js';
import { fillSketch } from '../../../src/evolve/gp/genome.js';
import { simplifierFor } from '../../../src/evolve/gp/simplify-tree.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { cross, mutate, mutateByPass, randomTrees } from '../../../src/evolve/gp/vary.js';
import { spaceContext } from '../../../src/evolve/losses/compiler.js';
import { readSketch } from '../../../src/evolve/losses/subject.js';
import type { Trees } from '../../../src/evolve/model/genome.js';
import { MUTATION_NAMES, type MutationName } from '../../../src/evolve/model/variation.js';
import { defaultSketch } from '../../../src/evolve/run/default-sketch.js';
import { createRandom } from '../../../src/random.js';

const checked = suite('children pass the checker');

const SKETCHES = {
  default: defaultSketch('default', 'classification'),
  glo: defaultSketch('glo', 'classification'),
  'two holes, parameters, functions': {
    source: {
      name: 'two.loss',
      text: `fn aq(a, b) = a / sqrt(1 + b^2)
sketch two(target: onehot[class], prediction: probability[class]; gamma: positive = 2, weight: unit[class] = 0.5) =
  let inner = ?
  -sum(weight * ? * inner, class)
  with operators + - * / ^ aq max clip xlogy sigmoid
       leaves target, prediction, gamma, weight, 1, between(-1, 1), positive, unit, integer`,
    },
    imports: [],
  },
};
const REDUCING = {
  'reductions, a let as a leaf, the whole body': `fn total(e) = sum(e, class)
fn share(e) = softmax(e, class)
fn if_less(a, b, c, d) = if a < b then c else d
fn total_where(e, a, b) = sum(e, class where a < b)
fn spread(e) = mean(abs(e - mean(e, batch)), batch)
sketch whole(target: onehot[..., class], prediction: probability[..., class]; w: real[class] = 1) =
  let own = sum(target * prediction, class)
  let n = size(class)
  ?
  with operators + - * / log exp total share if_less total_where spread
       leaves target, prediction, own, n, w, pi, 1, real`,
  'reductions beside a hole that is reduced': `fn total(e) = sum(e, class)
sketch two(target: onehot[class], prediction: probability[class]) =
  ? - mean(? * target, class)
  with operators + * log total leaves target, prediction, 1, real`,
};
for (const [label, text] of Object.entries(REDUCING))
  Object.assign(SKETCHES, { [label]: { source: { name: `${label}.loss`, text }, imports: [] } });

const EQUAL = Object.fromEntries(MUTATION_NAMES.map((name) => [name, 1])) as Record<MutationName, number>;

for (const [label, sources] of Object.entries(SKETCHES)) {
  checked(`${label}: 150 random trees and their children`, () => {
    const { sketch, library } = readSketch(sources);
    const space = searchSpace(sketch, spaceContext({ sketch, library }));
    const context = {
      space,
      subtreeDepth: 2,
      limits: { nodes: 30, depth: 8 },
      simplify: simplifierFor({ sketch, library }, space),
    };
    const random = createRandom(`check ${label}`);
    let pool: Trees[] = [];
    let count = 0;
    while (count < 150) {
      const parent = pool.length < 8 ? undefined : random.pick(pool);
      const made =
        parent === undefined
          ? [randomTrees({ least: 1, greatest: 4 }, context, random)]
          : [
              mutate(parent, EQUAL, context, random),
              mutateByPass(
                parent,
                { 'integer-step': 0.2, 'same-arity': 0.2, collapse: 0.1, expand: 0.1 },
                context,
                random,
              ),
              ...cross(parent, random.pick(pool), context, random),
            ];
      for (const child of made) {
        if ('failed' in child) continue;
        const loss = fillSketch(sketch, child.trees, 'child');
        const errors = lowerLoss(programOf([loss], library), loss).diagnostics.filter(
          (d) => d.severity === 'error',
        );
        assert.equal(errors, [], printDecl(loss));
        pool = [...pool.slice(-15), child.trees];
        count++;
      }
    }
  });
}

checked.run();
