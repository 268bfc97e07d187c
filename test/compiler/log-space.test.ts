/** Losses that float32, and often float64, cannot work out as they are written: their logarithms follow from the structure below them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { arrayOf } from '../../compiler/evaluate/bind.js';
import { raise } from '../../compiler/raise/raise.js';
import { printExpr } from '../../grammar/print/print.js';
import { assertEverywhere, compiled, outcomes } from '../helpers/everywhere.js';
import { pythonWith } from '../helpers/programs.js';
import { asNumber, runPython } from '../helpers/python.js';
import { AS_WRITTEN, FROM_LOGITS } from './log-space-cases.js';

const logSpace = suite('log-space');

/** Six digits, of what float32 has seven: of a value, and of a gradient in units of its largest entry. */
const SIX_DIGITS = 1e-6;
/** Of an entry by itself: where it is the exponential of a difference of numbers near 200, these are 1.5e-5 apart in float32. */
const ENTRY = 2e-5;
/** What is 0 when it is rounded to float32 need not come out as one. */
const NOTHING = 1e-30;

function assertNear(
  found: readonly number[],
  wanted: readonly number[],
  what: string,
  tolerance = SIX_DIGITS,
): void {
  assert.is(found.length, wanted.length, what);
  const largest = Math.max(...wanted.map(Math.abs));
  for (const [i, x] of wanted.entries()) {
    const bound = Math.min(tolerance * largest, ENTRY * Math.abs(x));
    assert.ok(Math.abs(found[i]! - x) <= Math.max(bound, NOTHING), `${what}: ${found[i]} for ${x}`);
  }
}

const ALL = [
  ...AS_WRITTEN.map((entry) => ({ entry, fromLogits: false })),
  ...FROM_LOGITS.map((entry) => ({ entry, fromLogits: true })),
];

for (const { entry, fromLogits } of ALL)
  logSpace(`${fromLogits ? 'from logits: ' : ''}${entry.name}`, async () => {
    for (const [way, { value, gradients }] of await outcomes(
      entry.source,
      entry.inputs,
      {},
      { fromLogits },
    )) {
      assertNear([value], [entry.value], `${way}: value`, entry.tolerance);
      for (const [name, wanted] of Object.entries(entry.gradients))
        if (gradients[name] !== undefined)
          assertNear(gradients[name], wanted, `${way}: gradient of ${name}`, entry.tolerance);
    }
  });

const torch = pythonWith('torch');
if (torch === undefined) console.log('SKIPPED PyTorch: no Python on the PATH has torch');
(torch === undefined ? logSpace.skip : logSpace)('all of them in PyTorch in float32', async () => {
  const jobs = ALL.map(({ entry, fromLogits }) => {
    const loss = compiled(entry.source, { fromLogits });
    return {
      compiled: loss,
      inputs: new Map(Object.entries(entry.inputs).map(([name, value]) => [name, arrayOf(value)])),
      parameters: new Map(),
      whole: loss.inputs.filter(({ domain }) => domain === 'integer').map(({ name }) => name),
    };
  });
  const found = await runPython(torch!, 'pytorch', jobs, 'float32');
  for (const [i, { error, value, gradients }] of found.entries()) {
    const { entry } = ALL[i]!;
    assert.is(error, undefined, `${entry.name}: ${error}`);
    assertNear(value.map(asNumber), [entry.value], `${entry.name}: value`, entry.tolerance);
    for (const [name, wanted] of Object.entries(entry.gradients))
      assertNear(
        gradients[name]!.map(asNumber),
        wanted,
        `${entry.name}: gradient of ${name}`,
        entry.tolerance,
      );
  }
});

logSpace('an exact 0 is what a guarded logarithm of it was, with a slope of 0', async () => {
  const source = 'loss f(x: real[k], data mask: binary[k]) = -log(sum(exp(x), k where mask == 1))';
  const inputs = { x: [[1, 2]], mask: [[0, 0]] };
  for (const [way, { value, gradients }] of await outcomes(source, inputs)) {
    assert.ok(Math.abs(value - 82.89306334778564) < 1e-4, `${way}: ${value}`);
    assert.equal(gradients['x'], [0, 0], way);
  }
});

logSpace('a prediction that is an exact 0 stays one beside a divisor that vanishes', async () => {
  await assertEverywhere(
    'loss f(data z: real, p: unit[k]) = prod(p, k) / softplus(z)',
    { z: [-200], p: [[0, 0.5, 0]] },
    {},
    { value: 0, gradients: { p: [0, 0, 0] } },
  );
});

/** What float32 holds as it is written stays as it is written. */
for (const body of [
  '-sum(target * log(prediction), class)',
  'log(1 + sum((target - prediction)^2, class))',
  'sum(target * prediction, class) / (0.5 + sum(target + prediction, class))',
  'log(sum(target + prediction, class))',
  'log(2 * mean(mean(target + prediction, class), batch))',
])
  logSpace(`is left alone: ${body}`, () => {
    const loss = compiled(`loss f(target: probability[class], prediction: probability[class]) = ${body}`);
    const { graph } = loss.lowered;
    const text = (node: typeof loss.value): string => {
      const { lets, result } = raise(graph, node, { lets: true });
      return [...lets.map(({ value }) => printExpr(value)), printExpr(result)].join('; ');
    };
    assert.not.match(text(loss.value), /exp|logsumexp|softplus/);
  });

logSpace.run();
