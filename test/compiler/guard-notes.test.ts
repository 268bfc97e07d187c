/** Which guards are told: all that can decide a result, and none that cannot. */

import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { evaluateLoss } from '../../compiler/evaluate/bind.js';
import { notesOn } from '../../compiler/guard/notes.js';
import { guardSentences } from '../../compiler/guard/sentences.js';
import { programOf } from '../../compiler/resolve/program.js';
import { createRandom, type Random } from '../../src/random.js';
import { arbitraryLoss } from '../helpers/arbitrary-loss.js';
import { CORPUS, compiledCorpus } from '../helpers/corpus.js';
import { compiled } from '../helpers/everywhere.js';
import { cornerInputs, legalInputs } from '../helpers/legal-inputs.js';

const told = suite('guards that are told');

const sentences = (source: string, fromLogits = false): readonly string[] =>
  guardSentences(compiled(source, { fromLogits }).guardNotes);

told('a logarithm and the quotient in its derivative are one guard', () => {
  assert.equal(sentences('loss f(p: nonnegative, q: nonnegative) = log(p + q)'), [
    'In log and as a divisor, p + q is taken as at least 1e-36; this decides the value and the gradient where p + q < 1e-36.',
  ]);
});

told('a guard of one derivative is told of that one alone', () => {
  assert.equal(sentences('loss f(a: real, p: nonnegative) = a * sqrt(p)'), [
    'As a divisor, p is taken as at least 1e-36; this decides the derivative with respect to p where p < 1e-36.',
  ]);
});

told('log1p is the logarithm of 1 and something', () => {
  assert.equal(sentences('loss f(p: unit) = log(1 - p)'), [
    'As a divisor, 1 - p is taken as at least 1e-36; this decides the gradient where 1 - p < 1e-36.',
    'In log, 1 - p is taken as at least 5.96e-8; this decides the value where 1 - p < 5.96e-8.',
  ]);
});

told('a divisor of either sign, an exponential, a root, an exponent that is a parameter', () => {
  assert.equal(sentences('loss f(data a: real, x: real) = a / x'), [
    'As a divisor, x is taken as at least 1e-36 away from 0, with its sign; this decides the value and the gradient where abs(x) < 1e-36.',
    'As a quotient, an expression of a and x is taken as at most 1e36 in size; this decides the gradient where it is larger.',
  ]);
  assert.equal(sentences('loss f(x: real) = exp(x)'), [
    'In exp, x is taken as at most 85; this decides the value and the gradient where x > 85.',
  ]);
  assert.equal(sentences('loss f(data a: real, x: real) = x * sqrt(a)'), [
    'Under a root, a is taken as at least 0; this decides the value and the gradient where a < 0.',
  ]);
  assert.equal(
    sentences('loss f(data u: unit, x: real; g: between(-2, 2) = 1) = x * u^g').at(0),
    'As the base of a power, u is taken as at least 1e-36^(1/p) where the exponent is -p with p > 0; this decides the derivative with respect to g where it is smaller.',
  );
});

/** Losses with guards of which none can decide. */
for (const source of [
  'loss f(p: unit) = if p > 0.1 then log(p) else 10 * p',
  'loss f(p: unit) = if p <= 0.1 then 10 * p else log(p)',
  'loss f(p: unit) = if p > 0.1 and p < 0.9 then log(p) - log(1 - p) else 10 * p',
  'loss f(data p: unit, x: real) = x * max(log(p), -10)',
  'loss f(data p: unit, x: real) = x * min(1 / p, 1e6)',
  'loss f(data p: unit, x: real) = x + (if 1 / p > 3 then 1 else 0)',
  'loss f(data p: unit, y: real) = y * (1 + 1e-40 * sin(1 / p))',
  'loss f(data p: unit[k], x: real) = x * sum(max(log(p), -10), k)',
])
  told(`nothing is told of ${source.slice(source.indexOf('=') + 2)}`, () => {
    assert.ok(compiled(source).guards.length > 0);
    assert.equal(sentences(source), []);
  });

told('an entry beside those that a guard changes is not taken for one of them', () => {
  assert.is(sentences('loss f(data p: unit[k], x: real) = x * max(max(log(p), k), -10)').length, 1);
  assert.is(sentences('loss f(data p: unit[k], x: real) = x * max(sum(log(p), k), -100)').length, 1);
});

told('a divisor that is guarded as such, and the whole quotient', () => {
  assert.equal(
    sentences('loss f(data a: between(-1, 1), data x: nonnegative, y: real) = y * a / x^2').slice(0, 2),
    [
      'As a divisor, x is taken as at least 1e-36; this decides the value and the gradient where x < 1e-36.',
      'As a quotient, a * y / x / x is taken as at most 1e36 in size; this decides the value where abs(a * y / x / x) > 1e36.',
    ],
  );
});

told('a large expression is told by its names, a seed is not shown, and like ones are counted', () => {
  const long = sentences(
    `loss f(a: nonnegative, b: nonnegative, c: nonnegative) =
      log(a * sin(b) * cos(c) + b * sin(c) * cos(a) + c * sin(a) * cos(b) + a * b * c * tanh(a) * tanh(b) * tanh(c))`,
  );
  assert.match(long[0]!, /^In log, an expression of a, b and c is taken as its size/);
  for (const name of CORPUS)
    for (const text of guardSentences(compiledCorpus(name).guardNotes)) assert.not.match(text, /\(seed\)/);
});

told('a condition on what is no number without the guard is in doubt', () => {
  assert.is(sentences('loss f(data x: real, y: real) = if sqrt(x) < 2 then y else 2 * y').length, 1);
});

told('of some derivatives alone', () => {
  const { guardNotes } = compiled('loss f(a: real, p: nonnegative) = a * sqrt(p)');
  assert.equal(guardSentences(notesOn(guardNotes, ['a'])), []);
  assert.is(guardSentences(notesOn(guardNotes, ['p'])).length, 1);
});

/** What differs between a loss with its guards and without them, beyond rounding: the value, and derivatives by their names. */
function differences(
  guarded: CompiledLoss,
  bare: CompiledLoss,
  given: ReturnType<typeof legalInputs>,
): readonly string[] {
  const run = (loss: CompiledLoss) => {
    const { value, gradient } = evaluateLoss(loss, given.inputs, given.parameters, 'sum');
    return new Map([
      ['the value', [value as number]],
      ...[...gradient].map(([name, { data }]) => [name, [...data]] as const),
    ]);
  };
  const [mine, other] = [run(guarded), run(bare)];
  return [...mine].flatMap(([name, xs]) =>
    xs.every((x, i) => agree(x, other.get(name)![i]!)) ? [] : [name],
  );
}

const agree = (a: number, b: number): boolean =>
  Object.is(a, b) || Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b));

/** Numbers of every size, within the domains. */
function extremes(compiled: CompiledLoss, random: Random): ReturnType<typeof legalInputs> {
  const { inputs, parameters } = legalInputs(compiled, random);
  const far = new Map(inputs);
  for (const { name, domain } of compiled.inputs) {
    const draw = EXTREMES[domain];
    const { shape, data } = inputs.get(name)!;
    if (draw !== undefined) far.set(name, { shape, data: data.map((x) => draw(x, random)) });
  }
  return { inputs: far, parameters };
}

const size = (random: Random, least: number, most: number): number =>
  10 ** (least + (most - least) * random.next());
const EXTREMES: Readonly<Record<string, (x: number, random: Random) => number>> = {
  real: (x, random) => Math.sign(x) * size(random, -45, 30),
  logits: (x, random) => Math.sign(x) * size(random, -2, 4),
  positive: (_, random) => size(random, -45, 30),
  nonnegative: (_, random) => size(random, -45, 30),
  unit: (x, random) => (x < 0.5 ? size(random, -45, 0) : 1 - size(random, -12, 0)),
};

/** Fails where something differs that no note tells of; how much differs. */
function assertTold(guarded: CompiledLoss, bare: CompiledLoss, random: Random): number {
  const names = new Set(
    guarded.guardNotes.all.flatMap(({ value, gradients }) => [...(value ? ['the value'] : []), ...gradients]),
  );
  let found = 0;
  for (const draw of [legalInputs, cornerInputs, extremes, extremes])
    for (const name of differences(guarded, bare, draw(guarded, random))) {
      assert.ok(names.has(name), `${guarded.name}: a guard that is not told decides ${name}`);
      found += 1;
    }
  return found;
}

told('where no guard is told, the losses of the field are what they are without guards', () => {
  let found = 0;
  for (const name of CORPUS)
    for (const fromLogits of [false, true]) {
      const guarded = compiledCorpus(name, { fromLogits });
      const bare = compiledCorpus(name, { fromLogits, guards: 'none' });
      found += assertTold(guarded, bare, createRandom(7));
    }
  assert.ok(found > 50, `guards decided ${found} results`);
});

told('the same of random losses', () => {
  let found = 0;
  fc.assert(
    fc.property(arbitraryLoss, fc.integer({ min: 0 }), (decl, seed) => {
      const program = programOf([decl]);
      const [guarded, bare] = [compileLoss(program, decl), compileLoss(program, decl, { guards: 'none' })];
      found += assertTold(guarded, bare, createRandom(seed));
    }),
    { numRuns: 300, seed: 12 },
  );
  assert.ok(found > 50, `guards decided ${found} results`);
});

told.run();
