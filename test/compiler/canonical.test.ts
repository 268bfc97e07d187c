import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossHash } from '../../compiler/canonical/canonical.js';
import { analyseLoss, type LossAnalysis } from '../../compiler/loss/analyse.js';
import { numericLoss } from '../../compiler/loss/numeric.js';
import { simplifyLoss } from '../../compiler/loss/simplify-loss.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { printDecl } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { assertClose } from '../helpers/close.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';

const read = (text: string): LossDecl => {
  const { file, diagnostics } = parse({ name: 'case.loss', text });
  assert.equal(diagnostics, []);
  return file.declarations[0] as LossDecl;
};
/** `t` is a one-hot target, `p` a probability. */
const lossOf = (body: string): LossDecl =>
  read(`loss f(data t: onehot[class], p: probability[class]; c: positive = 2) = ${body}`);
function analyse(body: string): LossAnalysis {
  const analysis = analyseLoss(lossOf(body));
  assert.equal(analysis.errors, []);
  return analysis;
}

const canonical = suite('canonical form');

canonical('the hash is stable from run to run', () => {
  assert.is(analyse('-sum(t * log(p), class)').canonicalHash, PINNED);
});
/** Changes only when the canonical form does, which then is said in the changelog: stored runs are looked up by it. */
const PINNED = '2fa024208f16453d44d23';

const SAME: readonly (readonly [string, string])[] = [
  ['-sum(t * log(p), class)', 'sum(-log(p) * t, class)'],
  ['sum((t - p)^2, class)', 'sum(square(p - t), class)'],
  ['sum((t - p) * (t + p), class)', 'sum((t + p) * (t - p), class)'],
  ['sum(p * (c + p)^2, class)', 'sum(p * (c^2 + 2 * c * p + p * p), class)'],
  ['sum(max(p, max(t, c)), class)', 'sum(max(max(c, p), t), class)'],
  ['sum(min(p, t), class)', 'sum(-max(-p, -t), class)'],
  ['sum(p * (t + 3), class)', 'sum(p * t, class) + 3 * sum(p, class)'],
  ['sum(if p < t then p else t, class)', 'sum(if t > p then p else t, class)'],
  ['sum(p / 3 + p / 3, class)', 'sum(2 * p / 3, class)'],
  ['sum(p * tanh(p), class)', 'sum(p * (2 * sigmoid(2 * p) - 1), class)'],
  ['sum((1 + p)^2, class)', 'sum(1 + 2 * p + p^2, class)'],
  ['mean((c - p)^2, class)', 'c^2 - 2 * c * mean(p, class) + mean(p * p, class)'],
  ['sum((p - mean(p, class))^2, class)', 'sum(p^2, class) - sum(p, class)^2 / size(class)'],
  ['sum(t + (c / (1 + p) - c), class) + sum(p, class)', 'sum(p, class) + sum(c / (1 + p) - c + t, class)'],
  ['sum((1 + softmax(p, class))^2, class)', 'size(class) + 2 + sum(softmax(p, class)^2, class)'],
  ['sum((c + exp(log_softmax(p, class)))^2, class)', 'sum((softmax(p, class) + c)^2, class)'],
  ['sum(exp(p - logsumexp(p, class))^2, class)', 'sum(exp(2 * p), class) / sum(exp(p), class)^2'],
  [
    'sum(sum((p - rename(p, class, k))^2, k), class)',
    '2 * size(class) * sum(p^2, class) - 2 * sum(p, class)^2',
  ],
  ['sum(p * exp(softmax(p, class)), class)', 'sum(exp(exp(log_softmax(p, class))) * p, class)'],
  ['max(p * (1 + t), class)', 'max(p + p * t, class)'],
  ['sum(t * (p / t) * t, class)', 'sum(p / t * (t * t), class)'],
  ['sum(p * (t / t) * t, class)', 'sum(p * t * t / t, class)'],
  ['sum(p * sum(rename(p, class, k) * rename(t, class, k), k), class)', 'sum(p, class) * sum(t * p, class)'],
];
for (const [a, b] of SAME)
  canonical(`${a} is ${b}`, () => assert.is(analyse(b).canonicalHash, analyse(a).canonicalHash));

const DIFFERENT: readonly (readonly [string, string])[] = [
  ['-sum(t * log(p), class)', '-mean(t * log(p), class)'],
  ['sum(p^2, class)', 'sum(p, class)^2'],
  ['sum(t - p, class)', 'sum(p - t, class)'],
  ['sum(p^c, class)', 'sum(p^2, class)'],
  ['sum(p^2, class) * size(class)', 'sum(p, class)^2'],
  ['sum(p * t, class) * size(class)', 'sum(p, class) * sum(t, class)'],
  ['sum(p * exp(softmax(p, class)), class)', 'sum(p * softmax(p, class), class)'],
  ['prod(-p, class)', '-prod(p, class)'],
  ['max(p, class) + max(-p, class)', 'max(p, class) - min(-p, class)'],
  ['sum(p, class) / 0', 'sum(0 * p, class)'],
  ['sum(p, class) + at(p, class, 0)', 'sum(p, class) + at(p, class, 1)'],
  ['sum(if p < t then p else t, class)', 'sum(if p <= t then p else t, class)'],
  ['sum(p * max(rename(p * t, class, k), k), class)', 'sum(t * max(rename(p * t, class, k), k), class)'],
];
for (const [a, b] of DIFFERENT)
  canonical(`${a} is not ${b}`, () => assert.is.not(analyse(b).canonicalHash, analyse(a).canonicalHash));

/** Losses of the standard library that are one loss under two names. */
const TWINS = ['bpr = relativistic_gan', 'hinge_gan_generator = wasserstein_generator'];
canonical('no two losses of the standard library have one hash, but those that are equal', () => {
  const names = new Map<string, string[]>();
  for (const name of LOSSES) {
    const decl = lossesOf(standardProgram(name)).find((loss) => loss.name.name === name)!;
    const hash = lossHash(lowerLoss(standardProgram(name), decl).loss!);
    names.set(hash, [...(names.get(hash) ?? []), name]);
  }
  const equal = [...names.values()].filter(({ length }) => length > 1).map((twins) => twins.join(' = '));
  assert.equal(equal.sort(), TWINS);
});

canonical('a default and a domain are part of a loss, a name is not', () => {
  const hash = (text: string): string => analyseLoss(read(text)).canonicalHash;
  const plain = hash('loss f(data t: real, p: real; c: real = 2) = (p - t)^c');
  assert.is(hash('loss g(data target: real, q: real; gamma: real = 2) = (q - target)^gamma'), plain);
  assert.is.not(hash('loss f(data t: real, p: real; c: real = 3) = (p - t)^c'), plain);
  assert.is.not(hash('loss f(data t: unit, p: real; c: real = 2) = (p - t)^c'), plain);
});

const ALIKE: readonly (readonly [string, string])[] = [
  ['-sum(t * log(p), class)', '3 - 2 * mean(t * log(p), class)'],
  ['sum((p - t)^2, class)', 'sum(p^2 - 2 * p * t, class) / 7'],
  ['sum(p^2 + 2 * p * t, class)', 'mean(3 * p^2 + 6 * p * t, class) + sum(t, class)'],
  ['sum(p^c, class)', 'sum(p^2, class)'],
];
for (const [a, b] of ALIKE)
  canonical(`${a} trains like ${b}`, () => assert.is(analyse(b).gradientHash, analyse(a).gradientHash));
canonical('a loss and its negative do not train alike', () => {
  const [a, b] = [analyse('-sum(t * log(p), class)'), analyse('sum(t * log(p), class)')];
  assert.is.not(a.gradientHash, b.gradientHash);
});

canonical('what is said of a loss without a number', () => {
  const said = (body: string): readonly boolean[] => {
    const { predictionMatters, targetMatters, neverFinite } = analyse(body);
    return [predictionMatters, targetMatters, neverFinite];
  };
  assert.equal(said('-sum(t * log(p), class)'), [true, true, false]);
  assert.equal(said('sum(p^2, class)'), [true, false, false]);
  assert.equal(said('sum(t, class) + 0 * sum(p, class)'), [false, false, false]);
  assert.equal(said('sum(t * log(-1 - p^2), class)'), [true, true, true]);
  assert.equal(said('sum(p, class) / 0'), [false, false, true]);
  assert.equal(analyseLoss(lossOf('sum(t * lgo(p), class)')).errors, ['unknown function "lgo"']);
});

canonical('a loss in numbers, from logits', () => {
  const { values, gradient } = numericLoss(lossOf('-sum(t * log(p), class)')).evaluate(
    Float64Array.of(1, 0, 0, 0, 1, 0),
    Float64Array.of(0, 0, 0, 1000, -1000, 0),
    2,
    3,
  );
  assertClose(values, [Math.log(3), 2000], 1e-12);
  assertClose(gradient, [-2 / 3, 1 / 3, 1 / 3, 1, -1, 0], 1e-12);
});

canonical('a simplified loss is a loss of the language', () => {
  const decl = simplifyLoss(lossOf('-(sum(t * (log(p) + log(p)), class)) / 2 * (0.1 + 0.2) + c - c'));
  assert.is(
    printDecl(decl),
    'loss f(data t: onehot[class], p: probability[class]; c: positive = 2) =\n  -(0.3 * sum(t * log(p), class))',
  );
});

canonical.run();
