/** The remainder of a multiple is 0 in float64 and float32, though the quotient may round to the other side of a whole number. */
import { suite } from 'uvu';
import { assertEverywhere } from '../helpers/everywhere.js';

const remainders = suite('remainders');

const DIVISORS = [3, 7, 41, 49, 98, 103, 107, 161, 187, 197];

remainders('of a number by itself, and of its multiples', async () => {
  for (const factor of [1, 3, -5]) {
    const x = DIVISORS.map((y) => y * factor);
    await assertEverywhere(
      'loss f(data x: real, prediction: real) = mod(x, prediction)',
      { x, prediction: DIVISORS },
      {},
      { value: 0, gradients: { prediction: DIVISORS.map(() => -factor / DIVISORS.length) } },
    );
  }
});

remainders('has the sign of the divisor', async () => {
  await assertEverywhere(
    'loss f(data x: real, prediction: real) = mod(x, prediction)',
    { x: [-7], prediction: [3] },
    {},
    { value: 2, gradients: { prediction: [3] } },
  );
  await assertEverywhere(
    'loss f(data x: real, prediction: real) = mod(x, prediction)',
    { x: [7], prediction: [-3] },
    {},
    { value: -2, gradients: { prediction: [3] } },
  );
});

remainders.run();
