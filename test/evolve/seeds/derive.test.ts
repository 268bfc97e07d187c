import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../../compiler/check/check.js';
import { analyseLoss } from '../../../compiler/loss/analyse.js';
import { loadProgram, lossesOf } from '../../../compiler/resolve/program.js';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import type { Decl, LossDecl } from '../../../grammar/tree/ast.js';
import { call, name } from '../../../grammar/tree/build.js';
import { openChecked } from '../../../src/commands/load.js';
import { fillSketch } from '../../../src/evolve/gp/genome.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { spellLoss } from '../../../src/evolve/gp/spell.js';
import { cross, mutate, randomTrees } from '../../../src/evolve/gp/vary.js';
import { spaceContext } from '../../../src/evolve/losses/compiler.js';
import { libraryOf, readSketch } from '../../../src/evolve/losses/subject.js';
import { MUTATION_NAMES, type MutationName } from '../../../src/evolve/model/variation.js';
import { defaultSketch } from '../../../src/evolve/run/default-sketch.js';
import { deriveSpace, type Seed } from '../../../src/evolve/seeds/derive.js';
import { createRandom } from '../../../src/random.js';
import { checkTrainable } from '../../../src/runtime/feeding/trainable.js';
import { classification, type Learning, type TaskKind } from '../../../src/runtime/tasks/learning.js';
import { stdlibNames } from '../../../src/stdlib.js';

/** The search space that follows from losses. */
const deriving = suite('spaces from losses');

const BASE = readSketch(defaultSketch('default', 'classification')).sketch;

function lossOf(text: string): Seed {
  const program = loadProgram({ name: 'test.loss', text });
  return { program, loss: lossesOf(program)[0]! };
}

/** Every task, with several outputs where it may have them, and how many standard losses it can feed. */
const TASKS: { readonly [K in TaskKind]: readonly [Learning, number] } = {
  classification: [classification(10), 128],
  regression: [{ task: 'regression', outputs: 2 }, 32],
  'multi-label': [{ task: 'multi-label', outputs: 5 }, 66],
  quantiles: [{ task: 'quantiles', outputs: 3 }, 1],
  'mean-and-variance': [{ task: 'mean-and-variance', outputs: 2 }, 6],
};

const STANDARD: readonly Seed[] = stdlibNames().flatMap((file) => {
  const program = openChecked(`std/${file}`);
  return lossesOf(program).map((loss) => ({ program, loss }));
});

const isFed = ({ program, loss }: Seed, learning: Learning): boolean => {
  try {
    checkTrainable(program, loss, learning);
    return true;
  } catch {
    return false;
  }
};

/** Every standard loss that some task can feed. */
const FED = STANDARD.filter((seed) => Object.values(TASKS).some(([learning]) => isFed(seed, learning)));

/** The loss called by its name, with its defaults as numbers and its parameters along axes as they are in the space. */
function called({ program, loss }: Seed, parameters: LossDecl['parameters']): readonly [LossDecl, Decl[]] {
  const named = Object.fromEntries(parameters.map((own) => [own.name.name, name(own.name.name)]));
  const args = loss.inputs.map((input) => name(input.name.name));
  const result = call(loss.name.name, args, named);
  const decl: LossDecl = { ...loss, name: { name: 'origin' }, parameters, body: { lets: [], result } };
  return [decl, [...libraryOf(program), loss]];
}

const isClassifier = ({ loss: { inputs } }: Seed): boolean =>
  inputs.some(({ domain }) => domain?.name.name === 'probability' && domain.axes?.length) &&
  inputs.every(({ domain }) => /^(onehot|probability)$/.test(domain?.name.name ?? ''));

deriving('all standard losses of one-hot or soft targets and probabilities are among them', () => {
  assert.is(FED.filter(isClassifier).length, 51);
});

for (const [task, [learning, count]] of Object.entries(TASKS))
  deriving(`${count} standard losses can be trained in ${task}, and are among them`, () => {
    assert.is(FED.filter((seed) => isFed(seed, learning)).length, count);
  });

for (const seed of FED) {
  deriving(`${seed.loss.name.name} is itself in the space that follows from it`, () => {
    const { sources, trees } = deriveSpace([seed], BASE);
    const { sketch, library } = readSketch(sources);
    const filled = fillSketch(sketch, trees, 'seed');
    const [origin, originals] = called(seed, sketch.parameters);
    const [found, wanted] = [analyseLoss(filled, library), analyseLoss(origin, originals)];
    assert.equal(found.errors, []);
    assert.is(found.canonicalHash, wanted.canonicalHash);
    // Without parameters it is the loss of the file itself.
    if (seed.loss.parameters.length === 0)
      assert.is(found.canonicalHash, analyseLoss(seed.loss, libraryOf(seed.program)).canonicalHash);
    const errors = checkProgram(loadProgram(sources.source)).filter(({ severity }) => severity === 'error');
    assert.equal(errors, [], sources.source.text);
    assert.is(analyseLoss(spellLoss(filled, library), library).canonicalHash, found.canonicalHash);
  });
}

deriving('nearly all of them are written out, so that evolution can work on what is in them', () => {
  const whole = FED.filter((seed) => /whole_/.test(printExpr(deriveSpace([seed], BASE).trees[0]!)));
  const names = whole.map(({ loss }) => loss.name.name);
  assert.equal(names, ['sibsau_a', 'sibsau_b', 'taylor_cross_entropy']);
});

const OWN = `fn half(x) = x / 2
fn total(x, axis) = sum(x, axis)
loss inner(target: onehot[kind], p: probability[kind]; w = 3) = w * total(target * half(p), kind)
`;

deriving('calls, lets and choices of a loss of one’s own', () => {
  const { trees, sources } = deriveSpace(
    [
      lossOf(`loss mine(target: onehot[class], prediction: probability[class]; easy: unit = 0.5) =
  let own = sum(target * prediction, class)
  let most = max(prediction, class)
  if own > easy then inner(target, prediction, kind = class) - most else -log(own)
${OWN}`),
    ],
    BASE,
  );
  assert.is(
    printExpr(trees[0]!),
    'if_greater(sum_class(target * prediction), 0.5, 3 * sum_class(target * half(prediction)) - max_class(prediction), -1 * log(sum_class(target * prediction)))',
  );
  assert.match(sources.source.text, /fn half\(x\) = x \/ 2\n/);
  const { sketch, library } = readSketch(sources);
  assert.is(
    printDecl(spellLoss(fillSketch(sketch, trees, 'mine'), library)),
    `loss mine(target: onehot[class], prediction: probability[class]) =
  if sum(target * prediction, class) > 0.5
    then 3 * sum(target * half(prediction), class) - max(prediction, class)
  else -1 * log(sum(target * prediction, class))`,
  );
});

deriving('losses with other names and domains share one signature, the narrower one', () => {
  const { trees, sources } = deriveSpace(
    [
      lossOf('loss a(y_true: probability[k], y_pred: probability[k]) = -sum(y_true * log(y_pred), k)'),
      lossOf(
        'loss b(target: onehot[class], prediction: probability[class]) = sum((target - prediction)^2, class)',
      ),
    ],
    BASE,
  );
  assert.match(sources.source.text, /sketch space\(y_true: onehot\[k\], y_pred: probability\[k\]\)/);
  assert.equal(trees.map(printExpr), ['-1 * sum_k(y_true * log(y_pred))', 'sum_k((y_true - y_pred)^2)']);
});

deriving('a loss of single numbers is the mean along the axis of another', () => {
  const { trees } = deriveSpace(
    [
      lossOf('loss a(target: unit[label], prediction: unit[label]) = sum((target - prediction)^2, label)'),
      lossOf('loss b(target: binary, prediction: unit) = abs(target - prediction)'),
    ],
    BASE,
  );
  assert.equal(trees.map(printExpr), [
    'sum_label((target - prediction)^2)',
    'mean_label(abs(target - prediction))',
  ]);
});

deriving('a scale is the root of a variance where losses of both begin a search', () => {
  const [normal, laplace] = ['gaussian_nll', 'laplace_nll'].map(
    (name) => STANDARD.find(({ loss }) => loss.name.name === name)!,
  ) as [Seed, Seed];
  const joined = deriveSpace([normal, laplace], BASE);
  assert.match(joined.sources.source.text, /sketch space\(target: real, center: real, variance: positive\)/);
  assert.is(printExpr(joined.trees[1]!), 'log(2 * sqrt(variance)) + abs(target - center) / sqrt(variance)');
  assert.match(printExpr(deriveSpace([laplace, normal], BASE).trees[1]!), /max\(scale\^2, /);
});

const REFUSED: readonly (readonly [string, string, RegExp])[] = [
  [
    'loss a(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)',
    'loss b(target: sign, prediction: real) = max(0, 1 - target * prediction)',
    /^b and a cannot start the same search: their inputs differ \(target: sign and target: onehot\[class\]\)$/,
  ],
  [
    'loss a(target: real, prediction: real) = abs(target - prediction)',
    'loss b(target: real, mean: real, prediction: real) = abs(target - prediction) * mean',
    /^b and a cannot start the same search/,
  ],
  [
    'loss a(target: real, prediction: real; w) = w * abs(target - prediction)',
    'loss b(target: real, prediction: real) = abs(target - prediction)',
    /^the search cannot start from a: its parameter w has no default$/,
  ],
];
for (const [first, second, message] of REFUSED)
  deriving(`refused: ${first.slice(5, 40)}… with ${second.slice(5, 40)}…`, () => {
    assert.throws(() => deriveSpace([lossOf(first), lossOf(second)], BASE), message);
  });

const EQUAL = Object.fromEntries(MUTATION_NAMES.map((one) => [one, 1])) as Record<MutationName, number>;

deriving('children of all classifiers’ losses together pass the checker', () => {
  const { sources, trees } = deriveSpace(FED.filter(isClassifier), BASE);
  const subject = readSketch(sources);
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const context = { space, subtreeDepth: 2, limits: { nodes: 90, depth: 14 } };
  const random = createRandom('children');
  let made = 0;
  while (made < 200) {
    const parent = [random.pick(trees)];
    const children = [
      mutate(parent, EQUAL, context, random),
      ...cross(parent, [random.pick(trees)], context, random),
      randomTrees({ least: 2, greatest: 4 }, context, random),
    ];
    for (const child of children) {
      if ('failed' in child) continue;
      const { errors } = analyseLoss(fillSketch(subject.sketch, child.trees, 'child'), subject.library);
      assert.equal(errors, [], child.trees.map(printExpr).join());
      made++;
    }
  }
});

deriving.run();
