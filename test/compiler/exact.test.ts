import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shapeOf } from '../../compiler/evaluate/bind.js';
import {
  type Asked,
  bigNumbers,
  binaryDigits,
  type ExactResult,
  evaluateExactly,
} from '../../compiler/exact/exact.js';
import { settled } from '../../compiler/exact/settle.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { flat, type Nested } from '../stdlib/cases.js';
import { compiledStandard, standardProgram } from '../stdlib/library.js';
import { POINTS } from '../stdlib/precise.js';

const exact = suite('exact digits');

type Numbers = readonly (number | string)[];

/** A loss of one number per item, evaluated at some numbers, or with several inputs. */
async function evaluate(
  text: string,
  inputs: Readonly<Record<string, readonly [shape: readonly number[], data: Numbers]>>,
  extra: Partial<Asked> & { readonly labels?: readonly string[]; readonly logits?: readonly string[] } = {},
): Promise<ExactResult> {
  const program = loadProgram({ name: 'exact.loss', text });
  const labels = new Set(extra.labels ?? []);
  return evaluateExactly(
    {
      library: program.module,
      decl: lossesOf(program)[0]!,
      reduction: 'mean',
      ignored: { label: -100, inputs: labels },
      ...extra,
      given: {
        inputs: new Map(Object.entries(inputs).map(([name, [shape, data]]) => [name, { shape, data }])),
        parameters: new Map(),
        labels,
        logits: new Set(extra.logits ?? []),
      },
    },
    { digits: 50, by: Object.keys(inputs).filter((name) => name !== 'target') },
  );
}

const texts = ({ data }: { readonly data: ArrayLike<unknown> }): string[] =>
  Array.from(data, (x) =>
    x === undefined ? '?' : (x as { toPrecision(n: number): string }).toPrecision(50),
  );
const digitsOf = async (body: string, at: number | string): Promise<string> =>
  texts((await evaluate(`loss f(prediction: real) = ${body}`, { prediction: [[1], [at]] })).value)[0]!;

// Digits: OEIS A019704, A001620 (negative), A099286, A002391; the others by mpmath with 60 digits.
const KNOWN: readonly (readonly [body: string, at: number | string, digits: string])[] = [
  ['lgamma(prediction)', '0.5', '0.57236494292470008707171367567652935582364740645766'],
  ['digamma(prediction)', 1, '-0.57721566490153286060651209008240243104215933593992'],
  ['erf(prediction)', 1, '0.84270079294971486934122063508260925929606699796630'],
  ['log(prediction)', 3, '1.0986122886681096913952452369225257046474905578227'],
];
for (const [body, at, digits] of KNOWN)
  exact(`${body} at ${at} has the published digits`, async () => {
    assert.is(await digitsOf(body, at), digits);
  });

exact('a decimal is what is written, not the double next to it', async () => {
  assert.is(await digitsOf('prediction * 0.1 - 0.01', '0.1'), `0.${'0'.repeat(49)}`.slice(0, 51));
});

exact('cancellation costs precision, not digits', async () => {
  assert.is(await digitsOf('log(1 - sigmoid(prediction))', 200), `-200.${'0'.repeat(47)}`.slice(0, 52));
});

// At -21.875, 1 + erf is 0 in 54 digits and has 4 good ones in 108: `lossc eval --digits 17` gave 243.28556 for 243.26417.
exact('a number that fewer digits do not show is not believed at once', async () => {
  const [fewer, more] = [await bigNumbers(54), await bigNumbers(108)];
  const doubts = { leftRange: false, cancelled: false };
  assert.is(settled([new fewer(Number.POSITIVE_INFINITY), new more('243.28556')], 17, doubts), undefined);
  assert.is(settled([new fewer('243.26417'), new more('243.26417')], 17, doubts)?.toString(), '243.26417');
});

const gradientOf = async (body: string, at: number | string): Promise<string> =>
  texts(
    (await evaluate(`loss f(prediction: real) = ${body}`, { prediction: [[1], [at]] })).gradient.get(
      'prediction',
    )!,
  )[0]!;

exact('the gradient is that of the formula, to the last digit', async () => {
  // d/dx log(1 - sigmoid(x)) is -sigmoid(x), and sigmoid(log(3)) is 3/4.
  assert.is(await gradientOf('log(1 - sigmoid(prediction + log(3)))', 0), `-0.75${'0'.repeat(48)}`);
  assert.is(await gradientOf('prediction^3', '1.1'), `3.63${'0'.repeat(47)}`);
});

exact('a kink has no exact slope, and what is inside stop_gradient does not move', async () => {
  assert.is(await gradientOf('abs(prediction)', 0), '?');
  assert.is(await gradientOf('prediction * stop_gradient(prediction)', 3), `3.${'0'.repeat(49)}`);
});

exact('what vanishes below every digit is 0, and what only seems to is not', async () => {
  assert.is(await digitsOf('log(exp(prediction)) - prediction', '0.3'), `0.${'0'.repeat(49)}`.slice(0, 51));
  // To tell these apart takes more digits than pi is known to.
  assert.is(await digitsOf('cos(exp(prediction)) - cos(log(exp(exp(prediction))))', 1), '?');
  // exp(-500) to the digits of mpmath.
  assert.is(
    await digitsOf('1 - sigmoid(prediction)', 500),
    '7.1245764067412855315491573771227552469277568761943e-218',
  );
});

exact('a number that leaves the range of mathjs is not taken for 0 or infinity', async () => {
  assert.is(await digitsOf('log(exp(prediction))', '1e30'), '?');
});

exact('labels, ignored labels, logits and weights mean what the reference says', async () => {
  const text =
    'loss f(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)';
  const result = await evaluate(
    text,
    {
      target: [[3], [0, -100, 1]],
      prediction: [
        [3, 2],
        [0, 0, 5, -5, '0', 'Infinity'],
      ],
    },
    {
      labels: ['target'],
      logits: ['prediction'],
      reduction: 'weightedMean',
      weights: { shape: [3], data: [3, 7, 0] },
    },
  );
  // log(2), nothing, and an item of weight 0 that is infinite.
  assert.is(texts(result.value)[0], '0.69314718055994530941723212145817656807550013436026');
});

/** Points that mpmath worked out from formulas of its own: test/stdlib/reference/precise.py. */
const SAMPLE = POINTS.filter((_, i) => i % 31 === 5);

exact('the standard library has the values of mpmath', async () => {
  const Big = await bigNumbers(800);
  const numbers = (named: Readonly<Record<string, Nested>>) =>
    new Map(
      Object.entries(named).map(([name, value]) => [
        name,
        { shape: shapeOf(value) ?? [], data: flat(value).map((x) => binaryDigits(Big, x)) },
      ]),
    );
  for (const point of SAMPLE) {
    const compiled = compiledStandard(point.loss, point.form === 'logits');
    const program = standardProgram(point.loss);
    const { items } = await evaluateExactly(
      {
        library: program.module,
        decl: lossesOf(program).find((decl) => decl.name.name === point.loss)!,
        reduction: 'mean',
        ignored: { label: -100, inputs: new Set() },
        given: {
          inputs: numbers(point.inputs),
          parameters: numbers(point.parameters),
          labels: new Set(),
          logits: new Set(compiled.logits),
        },
      },
      { digits: 13, by: [] },
    );
    const wanted = [point.perItem ?? point.value].flat() as string[];
    for (const [i, text] of wanted.entries()) {
      const found = items.data[i];
      // A logit of 1e30 leaves the range: then there is no answer.
      if (found === undefined) continue;
      const off = found.minus(text).abs();
      assert.ok(
        off.lte(found.abs().times('1e-11').plus('1e-400')),
        `${point.loss} ${point.form} (${point.note}), item ${i}: ${found}, mpmath ${text}`,
      );
    }
  }
});

exact.run();
