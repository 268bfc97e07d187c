import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printDecl, printExpr } from '../../../grammar/print/print.js';
import { parse } from '../../../grammar/read/parse.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { fillSketch, GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { intoSpace, matchSeed, negated } from '../../../src/evolve/gp/seed.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { GLO_SKETCH, RICH_SKETCH, sketch, spaceOf, tree, withoutSpans } from './helpers.js';

const genome = suite('genomes');

function lossOf(text: string): LossDecl {
  const { file, diagnostics } = parse({ name: 'test', text });
  const found = file.declarations.find((declaration) => declaration.kind === 'loss');
  if (diagnostics.length > 0 || found?.kind !== 'loss') throw new Error(JSON.stringify(diagnostics));
  return found;
}

genome('filling a sketch gives a loss whose text reads back', () => {
  const loss = fillSketch(GLO_SKETCH, [tree('log(prediction) - target / prediction')], 'baikal');
  assert.is(
    printDecl(loss),
    'loss baikal(target: onehot[class], prediction: probability[class]) =\n  -mean(log(prediction) - target / prediction, class)',
  );
  assert.equal(withoutSpans(lossOf(printDecl(loss))), withoutSpans(loss));
});

genome('each hole gets its own tree, lets first', () => {
  const loss = fillSketch(RICH_SKETCH, [tree('gamma'), tree('target')], 'two');
  assert.is(printExpr(loss.body.lets[0]!.value), 'gamma');
  assert.is(printExpr(loss.body.result), '-sum(target * scale, class)');
});

genome('the text of a genome reads back', () => {
  const trees = [tree('-1 * target - (prediction - 1)'), tree('clip(target, -0.5, 2)')];
  assert.equal(GENOME_CODEC.print(trees), ['-1 * target - (prediction - 1)', 'clip(target, -0.5, 2)']);
  assert.equal(GENOME_CODEC.parse(GENOME_CODEC.print(trees)).map(withoutSpans), trees.map(withoutSpans));
});

const FREE = sketch(`
sketch free(target: onehot[class], prediction: probability[class]) = -mean(?, class)
  with operators + - * / ^ log leaves target, prediction, 1, -1, real
`);
const SEEDS: readonly { readonly loss: string; readonly gives: string; readonly exact: boolean }[] = [
  {
    loss: 'loss a(target: onehot[class], prediction: probability[class]) = -mean(log(prediction) - target / prediction, class)',
    gives: 'log(prediction) - target / prediction',
    exact: true,
  },
  {
    loss: 'loss b(left: real[k], prediction: probability[k]) = 1',
    gives: 'problem: its inputs differ from those of the sketch',
    exact: false,
  },
  {
    loss: 'loss c(target: onehot[kind], p: probability[kind]) = -sum(target * log(p), kind)',
    gives: 'target * log(prediction)',
    exact: false,
  },
  {
    loss: 'loss d(target: onehot[class], prediction: probability[class]) = sum((target - prediction)^2, class)',
    gives: '-1 * (target - prediction)^2',
    exact: false,
  },
  {
    loss: 'loss e(target: onehot[class], prediction: probability[class]; q: unit = 0.7) = let p = sum(target * prediction, class)\n (1 - p^q) / q',
    gives: 'target * ((prediction^0.7 - 1) / 0.7)',
    exact: false,
  },
  {
    loss: 'loss f(target: onehot[class], prediction: probability[class]) = -mean(exp(target) * prediction, class)',
    gives: 'missing: exp',
    exact: false,
  },
  {
    loss: 'loss g(target: onehot[class], prediction: probability[class]) = -mean(log(prediction), class)',
    gives: 'problem: it does not use the target',
    exact: false,
  },
  {
    loss: 'loss h(target: onehot[class], prediction: probability[class]) = max(prediction, class)',
    gives: 'problem: its body does not have the form of the sketch',
    exact: false,
  },
  {
    loss: 'loss i(target: onehot[class], prediction: probability[class]; w) = -mean(w * target * prediction, class)',
    gives: 'problem: its parameter w has no single default',
    exact: false,
  },
  {
    loss: 'loss j(target: onehot[class], prediction: probability[class]) = -mean(-target * prediction, class)',
    gives: '-1 * target * prediction',
    exact: true,
  },
];
for (const { loss, gives, exact } of SEEDS) {
  genome(`seed: ${loss.slice(5)}`, () => {
    const match = matchSeed(FREE, lossOf(loss), spaceOf(FREE));
    if ('problem' in match) {
      assert.is(`problem: ${match.problem}`, gives);
    } else if (match.missing.operators.length > 0) {
      assert.is(`missing: ${match.missing.operators.join()}`, gives);
    } else {
      assert.equal(match.trees.map(printExpr), [gives]);
      assert.is(match.exact, exact);
    }
  });
}

genome('a seed for two holes', () => {
  const loss = lossOf(`loss two(target: onehot[class], prediction: probability[class]) =
  -sum(target * log(prediction) * (1 - prediction), class)`);
  const match = matchSeed(
    sketch(`sketch s(target: onehot[class], prediction: probability[class]) = -sum(target * ? * ?, class)
  with operators log - leaves prediction, 1`),
    loss,
    spaceOf(
      sketch(`sketch s(target: onehot[class], prediction: probability[class]) = -sum(target * ? * ?, class)
  with operators log - leaves prediction, 1`),
    ),
  );
  assert.ok('trees' in match, JSON.stringify(match));
  assert.equal(match.trees.map(printExpr), ['log(prediction)', '1 - prediction']);
});

for (const [of, gives] of [
  ['a - b', 'b - a'],
  ['2', '-2'],
  ['-2', '2'],
  ['a * 3', 'a * -3'],
  ['2 / a', '-2 / a'],
  ['-log(a)', 'log(a)'],
  ['a + b', '-(a + b)'],
  ['(a - b) * c', '(b - a) * c'],
] as const) {
  genome(`minus (${of}) is ${gives}`, () => assert.is(printExpr(negated(tree(of))), gives));
}

genome('signs and powers in the words of the sketch', () => {
  const words = spaceOf(GLO_SKETCH);
  assert.is(printExpr(intoSpace(tree('-(target + 1)'), words)), '-1 * (target + 1)');
  assert.is(printExpr(intoSpace(tree('-(target - 1)'), words)), '1 - target');
  assert.is(printExpr(intoSpace(tree('(target + 1)^2'), words)), 'square(target + 1)');
});

genome('an operator without a known arity is left out, a domain becomes drawn constants', () => {
  const space = searchSpace(RICH_SKETCH, { arity: () => undefined, weights: { '+': 3 } });
  assert.equal(
    space.operators.map(({ name, weight }) => [name, weight]),
    [
      ['+', 3],
      ['-', 1],
      ['*', 1],
      ['/', 1],
      ['^', 1],
    ],
  );
  assert.equal(
    space.leaves.map((leaf) => leaf.kind),
    ['name', 'name', 'name', 'number', 'drawn', 'drawn'],
  );
  assert.is(space.holes, 2);
});

genome.run();
