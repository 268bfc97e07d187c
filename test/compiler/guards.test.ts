/** Guards change no number that float32 can hold. Expected values are closed forms, worked out here or by hand. */
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sayBound } from '../../compiler/guard/bounds.js';
import { assertEverywhere, compiled, outcomes, referenceOutcome } from '../helpers/everywhere.js';

const powers = suite('guarded powers');

powers('a parameter for an exponent: its range does not matter, its value does', async () => {
  const wide = 'loss f(prediction: unit; power: between(0, 50) = 1) = prediction^-power';
  await assertEverywhere(wide, { prediction: [0.1] }, {}, { value: 10, gradients: { prediction: [-100] } });
  await assertEverywhere(
    wide,
    { prediction: [0.1] },
    { power: 3 },
    { value: 1000, gradients: { prediction: [-3e4] } },
  );
  await assertEverywhere(wide, { prediction: [1e-4] }, { power: 0.5 }, { value: 100 });
  await assertEverywhere(wide, { prediction: [1e-15] }, { power: 2 }, { value: 1e30 });
  const below = 'loss f(prediction: unit; power: between(0, 50) = 1) = 1 / prediction^power';
  await assertEverywhere(below, { prediction: [0.1] }, {}, { value: 10, gradients: { prediction: [-100] } });
});

powers('a tensor for an exponent', async () => {
  const scaled = 'loss f(target: unit, prediction: unit) = prediction^(-100 * target)';
  await assertEverywhere(
    scaled,
    { target: [0.01, 0.03], prediction: [0.2, 0.1] },
    {},
    { value: (5 + 1000) / 2 },
  );
  const real = 'loss f(target: unit, prediction: real) = abs(prediction)^(-20 * target)';
  await assertEverywhere(
    real,
    { target: [0.05], prediction: [-0.01] },
    {},
    { value: 100, gradients: { prediction: [1e4] } },
  );
  const exponential = 'loss f(prediction: nonnegative) = prediction^(-exp(prediction))';
  await assertEverywhere(exponential, { prediction: [0.5] }, {}, { value: 0.5 ** -Math.exp(0.5) });
  const quotient =
    'loss f(target: sign, prediction: positive) = 1 / square(target / prediction)^exp(target * prediction)';
  await assertEverywhere(
    quotient,
    { target: [-1], prediction: [1.3] },
    {},
    { value: 1.3 ** (2 * Math.exp(-1.3)) },
  );
});

powers('a derivative by what the exponent is made of', async () => {
  const source =
    'loss f(target: real, prediction: real; gamma: positive = 1.5) = xlogy(gamma, softplus(target)^exp(gamma)) + prediction';
  // gamma * exp(gamma) * log(softplus(target)), so (1 + gamma) * exp(gamma) * log(softplus(target)).
  const slope = 2.5 * Math.exp(1.5) * Math.log(Math.log1p(Math.exp(-3)));
  const found = referenceOutcome(compiled(source), { target: [-3], prediction: [0] });
  assert.ok(Math.abs(found.gradients['gamma']![0]! / slope - 1) < 1e-9);
});

powers('at 0 a negative exponent saturates, any other keeps 0 as it is', async () => {
  const source = 'loss f(prediction: nonnegative; power: real = 1) = prediction^power';
  for (const [power, value] of [
    [-1, 1e36],
    [-4, 1e36],
    [0, 1],
    [0.5, 0],
    [3, 0],
  ] as const)
    await assertEverywhere(source, { prediction: [0] }, { power }, { value });
});

powers('a value up to 1e36 is what the exponent and the base say, whatever both are', () => {
  const losses = [
    'loss f(prediction: nonnegative; power: real = 1) = prediction^power',
    'loss f(prediction: nonnegative; power: between(-90, 90) = 1) = prediction^power',
    'loss f(prediction: real; power: between(-90, 90) = 1) = abs(prediction)^power',
  ].map((source) => compiled(source));
  fc.assert(
    fc.property(
      fc.double({ min: -30, max: 3, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
      (decades, power) => {
        const x = 10 ** decades;
        const value = x ** power;
        const slope = power * x ** (power - 1);
        fc.pre(Math.max(value, Math.abs(slope)) < 1e36 && value > 1e-300);
        for (const loss of losses) {
          const found = referenceOutcome(loss, { prediction: [x] }, { power });
          assert.ok(Math.abs(found.value / value - 1) < 1e-9, `${x}^${power} is ${found.value}`);
          if (Math.abs(slope) > 1e-300)
            assert.ok(
              Math.abs(found.gradients['prediction']![0]! / slope - 1) < 1e-9,
              `slope of ${x}^${power}`,
            );
        }
      },
    ),
    { seed: 11, numRuns: 2000 },
  );
});

powers('a whole exponent takes a negative base', async () => {
  const repeated = 'loss f(target: real[class], prediction: real) = prod(prediction + 0 * target, class)';
  await assertEverywhere(
    repeated,
    { target: [[1, 2, 3]], prediction: [-2] },
    {},
    { value: -8, gradients: { prediction: [12] } },
  );
  const chosen = 'loss f(prediction: real; n: integer = 3) = prediction^n';
  await assertEverywhere(chosen, { prediction: [-2] }, {}, { value: -8, gradients: { prediction: [12] } });
  await assertEverywhere(
    chosen,
    { prediction: [-2] },
    { n: -3 },
    { value: -1 / 8, gradients: { prediction: [-3 / 16] } },
  );
  await assertEverywhere(
    chosen,
    { prediction: [-2] },
    { n: 4 },
    { value: 16, gradients: { prediction: [-32] } },
  );
  const data = 'loss f(target: integer, prediction: real) = prediction^target';
  await assertEverywhere(
    data,
    { target: [3, 2, -1], prediction: [-2, -3, -4] },
    {},
    { value: (-8 + 9 - 0.25) / 3, gradients: { prediction: [4, -2, -1 / 48] } },
  );
});

powers.run();

const quotients = suite('guarded quotients');

quotients('small inputs: the square of a divisor may leave float32 where the quotient does not', async () => {
  const pearson =
    'import { pearson } from "std/pearson"\nloss f(target: real, prediction: real) = pearson(target, prediction)';
  for (const scale of [1, 1e-3, 1e-6, 1e-7]) {
    const times = (list: readonly number[]): number[] => list.map((x) => x * scale);
    await assertEverywhere(
      pearson,
      { target: times([1, 2, 3, 4]), prediction: times([1.5, 1, 3.5, 5]) },
      {},
      {
        value: 0.09204061549954,
        gradients: {
          prediction: [0.0988023345155, -0.0851744263065, -0.003406977052, -0.010220931157].map(
            (x) => x / scale,
          ),
        },
      },
      1e-3,
    );
  }
});

quotients('one divisor several times over', async () => {
  for (const n of [2, 3, 5, 2.5]) {
    const source = `loss f(target: real, prediction: nonnegative) = target / prediction^${n}`;
    const x = 1e-10;
    await assertEverywhere(
      source,
      { target: [1e-9], prediction: [x] },
      {},
      { value: 1e-9 / x ** n > 1e36 ? 1e36 : 1e-9 / x ** n },
    );
  }
  const ratio = 'loss f(target: real, prediction: nonnegative) = target / prediction';
  // The derivative is -target / prediction^2.
  await assertEverywhere(
    ratio,
    { target: [1e-20], prediction: [1e-20] },
    {},
    { value: 1, gradients: { prediction: [-1e20] } },
  );
});

quotients('two divisors at 0: saturated, and 0 where the numerator is 0', async () => {
  const source = 'loss f(target: real, data weight: real, prediction: real) = target / (weight * prediction)';
  for (const [target, value] of [
    [1, 1e36],
    [-1, -1e36],
    [0, 0],
  ] as const)
    await assertEverywhere(source, { target: [target], weight: [0], prediction: [0] }, {}, { value });
});

quotients('what is large outside a guarded quotient meets no infinity', async () => {
  const source =
    'loss f(target: real[class], prediction: nonnegative) = sum(target * (prediction - 1)^2, class) / prediction^2';
  for (const { value, gradients } of (
    await outcomes(source, {
      target: [
        [0, 0],
        [1, 2],
      ],
      prediction: [0, 0],
    })
  ).values()) {
    assert.ok(Number.isFinite(value));
    assert.ok(gradients['prediction']!.every(Number.isFinite));
  }
});

quotients.run();

const sides = suite('the side of 0');

sides('0 stays on the side where it was written', async () => {
  for (const body of [
    '1 / (target - prediction)',
    '1 / (prediction - target)',
    '-1 / (prediction - target)^3',
  ]) {
    const source = `loss f(target: real, prediction: real) = ${body}`;
    const value = body.startsWith('-') ? -1e36 : 1e36;
    await assertEverywhere(source, { target: [2], prediction: [2] }, {}, { value });
  }
  // An angle that is upright whichever way the difference is written.
  const angle =
    'loss f(target: real[box = 4], prediction: real) = prediction + atan((at(target, box, 2) - at(target, box, 0)) / (at(target, box, 3) - at(target, box, 1)))';
  await assertEverywhere(angle, { target: [[0, 1, 3, 1]], prediction: [0] }, {}, { value: Math.PI / 2 });
});

const BOXES = {
  equal: { target: [[1, 1, 1, 1]], prediction: [[1, 1, 1, 1]] },
  flat: { target: [[1, 1, 3, 1]], prediction: [[1, 1, 3, 1]] },
  apart: { target: [[0, 0, 0, 0]], prediction: [[2, 2, 2, 2]] },
  half: { target: [[0, 0, 2, 2]], prediction: [[1, 1, 1, 1]] },
};

for (const name of ['iou', 'giou', 'diou', 'ciou', 'eiou']) {
  sides(`${name} of boxes without an area: a number, and the same everywhere`, async () => {
    const source = `import { ${name} } from "std/${name}"
loss f(target: real[box = 4], prediction: real[box = 4]) = ${name}(target, prediction)`;
    for (const [which, inputs] of Object.entries(BOXES)) {
      const found = await outcomes(source, inputs);
      const { value } = found.get('reference')!;
      await assertEverywhere(source, inputs, {}, { value });
      for (const [way, { gradients }] of found)
        assert.ok(gradients['prediction']!.every(Number.isFinite), `${which}, ${way}: gradient`);
    }
  });
}

sides('giou of equal boxes without an area is 1 and teaches nothing', async () => {
  const source = `import { giou } from "std/giou"
loss f(target: real[box = 4], prediction: real[box = 4]) = giou(target, prediction)`;
  await assertEverywhere(source, BOXES.equal, {}, { value: 1, gradients: { prediction: [0, 0, 0, 0] } });
});

sides.run();

const needless = suite('guards that are not needed');

for (const [source, kept] of [
  ['loss f(prediction: nonnegative; smooth: positive = 1) = 1 / (smooth + prediction)', []],
  ['loss f(prediction: nonnegative; smooth: positive = 1) = 1 / (smooth * 2 + prediction^2)', []],
  ['loss f(prediction: real; width: positive = 1) = exp(-abs(prediction)) / width^2', []],
  ['loss f(prediction: nonnegative; a: positive = 1, b: positive = 1) = log(a * b + prediction)', []],
  [
    'loss f(prediction: nonnegative; smooth: nonnegative = 1) = log(smooth + prediction)',
    ['at least 1e-36', 'at least 1e-36'],
  ],
] as const)
  needless(source, () => {
    assert.equal(
      compiled(source)
        .guards.map((guard) => sayBound(guard))
        .sort(),
      [...kept],
    );
  });

needless.run();

const infinities = suite('infinities that are meant');

for (const [body, value, gradient] of [
  ['logsumexp(prediction, class where 1 >= 2)', -Infinity, [0, 0]],
  ['sum(prediction, class) + min(1, class where index(class) < 0)', Infinity, [1, 1]],
  ['2 - 3 * logsumexp(1, class where prediction > 5)', Infinity, [0, 0]],
  ['0 - min(logsumexp(prediction, class), batch where 1 == 2)', -Infinity, [0, 0]],
  ['sum(min(1, class where abs(prediction) < 0), batch)', Infinity, [0, 0]],
  ['min(0.5, -min(prediction, batch, class where 1 > 1))', -Infinity, [0, 0]],
] as const)
  infinities(`over nothing, within a sum: ${body}`, async () => {
    const source = `loss f(prediction: real[class]) = ${body}`;
    await assertEverywhere(
      source,
      { prediction: [[1, 2]] },
      {},
      { value, gradients: { prediction: gradient } },
    );
  });

for (const [body, value] of [
  ['0^mean(prediction, class)', 0],
  ['mean(prediction - prediction, class)^power', 0],
] as const)
  infinities(`none where a power of 0 is none: ${body}`, async () => {
    const source = `loss f(prediction: real[class]; power: real = 0.25) = ${body}`;
    await assertEverywhere(source, { prediction: [[1, 2]] }, {}, { value });
  });

infinities.run();

const domains = suite('domains of operators');

for (const [body, kept] of [
  ['lgamma(exp(-abs(prediction)))', 'at least 1e-36'],
  ['digamma(exp(-abs(prediction)))', 'at least 1e-36'],
  ['log(exp(-abs(prediction)) * prediction^2)', 'at least 1e-36'],
  ['log1p(prediction)', `at least ${-1 + 2 ** -24}`],
  ['acos(prediction)', 'at least -1'],
  ['acos(min(prediction, 1))', 'at least -1'],
  ['exp(prediction)', 'at most 85'],
] as const)
  domains(`a value that may leave one is kept inside: ${body}`, () => {
    const { guards } = compiled(`loss f(prediction: real) = ${body}`);
    assert.is(sayBound(guards[0]!), kept);
  });

for (const body of [
  'lgamma(1 + prediction^2)',
  'log1p(prediction^2)',
  'acos(tanh(prediction))',
  'sin(prediction)',
])
  domains(`a value that cannot is left alone: ${body}`, () => {
    const { guards } = compiled(`loss f(prediction: real) = ${body}`);
    // The slope of acos divides by what may round to 0.
    assert.equal(
      guards.filter(({ op }) => op !== 'divide'),
      [],
    );
  });

domains.run();
