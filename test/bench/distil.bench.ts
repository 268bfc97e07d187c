/**
 * Published losses found again from 1,000 noisy samples of their gradients, as `lossc distil` does:
 * `npm run bench:distil -- [SEEDS] [MINUTES] [NOISE] [PART_OF_NAME]`. A loss counts as found if the gradient of the formula is within
 * 1 % of its own, by root mean squares.
 */
import { distil } from '../../src/distil/distil.js';
import { distance, gradientOf, samplesFor, TARGETS } from './loss-samples.js';

const [seeds = '10', minutes = '2', noise = '0.02', only = ''] = process.argv.slice(2);
const CLOSE = 0.01;

for (const [name, target] of Object.entries(TARGETS)) {
  if (!name.includes(only)) continue;
  let found = 0;
  for (let seed = 1; seed <= Number(seeds); seed++) {
    const { samples, clean, subject } = samplesFor(target, {
      count: 1000,
      noise: Number(noise),
      seed: String(seed),
    });
    const start = performance.now();
    const result = await distil(samples, subject, {
      seed: String(seed),
      evaluations: 1_000_000,
      milliseconds: Number(minutes) * 60_000,
    });
    const seconds = (performance.now() - start) / 1000;
    const off =
      result === undefined
        ? Number.POSITIVE_INFINITY
        : distance(clean, gradientOf(result.text, target.by, samples.columns));
    if (off < CLOSE) found++;
    console.log(
      `  ${name}, seed ${seed}: ${off < CLOSE ? 'found' : 'not found'}, ${(100 * off).toFixed(2)} % off, ` +
        `${result?.evaluations} formulas, ${seconds.toFixed(0)} s: ${result?.pick.formula}`,
    );
  }
  console.log(`${name}: ${found} of ${seeds}`);
}
