/** Numbers that are known before any tensor, beside tensors: conditions, entries of parameters, signs. */
import { suite } from 'uvu';
import { assertEverywhere } from '../helpers/everywhere.js';

const mixed = suite('numbers beside tensors');

const LEFT = { 'gamma < 2': true, 'gamma > 2': false } as const;
for (const [number, holds] of Object.entries(LEFT))
  for (const op of ['and', 'or'])
    for (const [first, second] of [
      [number, 'target > 0'],
      ['target > 0', number],
    ])
      mixed(`if ${first} ${op} ${second}`, async () => {
        const source = `loss f(target: real, prediction: real; gamma: positive = 1.5) =
  if ${first} ${op} ${second} then prediction else 2 * prediction`;
        const taken = [1, -1].map((t) => (op === 'and' ? holds && t > 0 : holds || t > 0));
        const slopes = taken.map((yes) => (yes ? 1 : 2));
        await assertEverywhere(
          source,
          { target: [1, -1], prediction: [3, 5] },
          {},
          {
            value: (3 * slopes[0]! + 5 * slopes[1]!) / 2,
            gradients: { prediction: slopes.map((slope) => slope / 2) },
          },
        );
      });

mixed('a size in a condition', async () => {
  const source = `loss f(target: real[class], prediction: real[class]) =
  sum(prediction, class where size(class) > 1 and not target <= 0)`;
  await assertEverywhere(source, { target: [[1, -1]], prediction: [[3, 5]] }, {}, { value: 3 });
});

mixed('an entry outside the axis is 0, also of a parameter given as one number', async () => {
  const source = `loss f(target: real[class], prediction: real[class]; w: real[class] = 0.7) =
  (at(w, class, 5) + at(w, class, 1)) * sum(prediction, class)`;
  const inputs = { target: [[0, 0, 0]], prediction: [[1, 2, 3]] };
  await assertEverywhere(source, inputs, {}, { value: 4.2 });
  await assertEverywhere(source, inputs, { w: [1, 2, 3] }, { value: 12 });
});

mixed('the slope of a size far below 1e-7, and that of NaN', async () => {
  const source = 'loss f(target: real, prediction: real) = abs(prediction - target)';
  await assertEverywhere(
    source,
    { target: [0, 0, 0, 0], prediction: [1e-9, -1e-30, 0, Number.NaN] },
    {},
    { gradients: { prediction: [0.25, -0.25, 0, Number.NaN] } },
  );
});

mixed('a NaN stays one where a number comes first', async () => {
  const source = 'loss f(prediction: real) = max(0.5, prediction) + min(2, prediction)';
  await assertEverywhere(source, { prediction: [Number.NaN] }, {}, { value: Number.NaN });
});

mixed('a sign in front of a power that has no gradient', async () => {
  const source = `loss f(prediction: real[class]; gamma: positive = 1) =
  -stop_gradient(2^(gamma + 2)) * sum(prediction, class) - stop_gradient(3^gamma)`;
  await assertEverywhere(
    source,
    { prediction: [[1, 2]] },
    {},
    { value: -27, gradients: { prediction: [-8, -8], gamma: [0] } },
  );
});

mixed('an infinite number in front of a condition that leaves it out', async () => {
  const source = `loss f(data mask: onehot[class], prediction: real[class]) =
  sum(max(0, class where mask != 1) + prediction, class)`;
  await assertEverywhere(
    source,
    { mask: [[0, 1, 0]], prediction: [[1, 1, 1]] },
    {},
    { value: 3, gradients: { prediction: [1, 1, 1] } },
  );
});

mixed('an entry in front of the axis is 0, in value and gradients', async () => {
  const source = `loss f(prediction: real[box = 2]; w: real[box = 2] = [3, 5]) =
  sum(prediction, box) * (1 + exp(at(w, box, -1))) + exp(at(w, box, -1))`;
  await assertEverywhere(
    source,
    { prediction: [[1, 2]] },
    {},
    { value: 7, gradients: { prediction: [2, 2], w: [0, 0] } },
  );
});

mixed('log of a sum of exponentials of which one is infinite', async () => {
  const source = `loss f(prediction: real[class]) =
  logsumexp(if prediction > 2 then min(prediction, class where prediction > 5) else prediction, class)`;
  await assertEverywhere(source, { prediction: [[1, 3]] }, {}, { value: Number.POSITIVE_INFINITY });
});

mixed.run();
