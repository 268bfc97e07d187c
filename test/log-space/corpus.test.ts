/**
 * 300 losses of which the exact value and gradient are known (make_corpus.py), in everything that runs a loss: half are written by hand,
 * half are random compositions. A number is right within 1e-5 of itself, however small it is, also where large terms cancel to it; what is
 * exactly 0 may be 1e-30. Numbers that float32 does not hold are not compared.
 *
 * What is not right yet stands in not-yet.txt, which can only shrink, and left.ts says why. Right today of 314, by
 * `node --import tsx test/log-space/update.ts`: 313 in the reference in float64, and in float32 307 in TensorFlow.js on cpu and on wasm, 309 in
 * PyTorch, 307 in ONNX.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { onnxRuntime } from '../helpers/onnx.js';
import { pythonWith } from '../helpers/programs.js';
import { corpus, distances, LIMIT } from './corpus.js';
import { LEFT } from './left.js';
import { readNotYet } from './not-yet.js';
import { movements } from './rounding.js';
import { numbersIn, TARGETS, type Target, verdicts } from './targets.js';

const logSpace = suite('log-space expressions');

const expressions = corpus();
const notYet = readNotYet();
const runtime = await onnxRuntime();
const torch = pythonWith('torch');
if (torch === undefined)
  console.log(
    'SKIPPED log-space expressions in PyTorch: no Python on the PATH has torch (Debian: python3-torch)',
  );

logSpace('there are 300, half of them random compositions, each with at least six points', () => {
  const stored = expressions.filter(({ needs }) => needs === undefined);
  assert.is(stored.length, 300);
  assert.is(stored.filter(({ kind }) => kind === 'random').length, 150);
  assert.equal(
    expressions.filter(({ value }) => value.length < 6).map(({ name }) => name),
    [],
  );
});

logSpace('the list of what is not right yet names expressions of the corpus alone', () => {
  const names = new Set(expressions.map(({ name }) => name));
  assert.equal(
    [...notYet.keys()].filter((name) => !names.has(name)),
    [],
  );
});

/** An error is put down to the rounding of inputs where it is at most so many times what that does, as by `lossc audit`. */
const ALLOWED = 4;

logSpace('each of the list has a reason, and where it is rounding the inputs move what is off', async () => {
  const listed = expressions.filter(({ name }) =>
    ['cpu', 'wasm', 'pytorch', 'onnx'].some((target) => notYet.get(name)?.has(target as Target)),
  );
  assert.equal(
    listed.map(({ name }) => name),
    Object.keys(LEFT),
  );
  const rounded = listed.filter(({ name }) => LEFT[name] === 'rounding');
  for (const [i, found] of (await numbersIn('cpu', rounded, undefined)).entries()) {
    const wrong = distances(rounded[i]!, found).filter(({ off }) => off > LIMIT);
    assert.ok(wrong.length > 0);
    const moved = movements(
      rounded[i]!,
      wrong.map(({ place }) => place),
    );
    for (const [k, { off }] of wrong.entries())
      assert.ok(
        off <= ALLOWED * moved[k]!,
        `${rounded[i]!.name}: off by ${off}, rounding moves it by ${moved[k]}`,
      );
  }
});

/** What the list has to say otherwise. */
async function surprises(target: Target): Promise<string[]> {
  const found = await verdicts(target, expressions, torch);
  return [...found].flatMap(([name, { off, where }]) => {
    const [isRight, isListed] = [off <= LIMIT, notYet.get(name)?.has(target) === true];
    if (isRight && isListed)
      return [
        `${name} is right in ${target} now: take it off the list (node --import tsx test/log-space/update.ts)`,
      ];
    if (!isRight && !isListed)
      return [`${name} was right in ${target} and is not: ${where} (off by ${off.toExponential(1)})`];
    return [];
  });
}

for (const target of TARGETS) {
  const isThere = target === 'pytorch' ? torch !== undefined : target !== 'onnx' || runtime !== undefined;
  const run = isThere ? logSpace : logSpace.skip;
  run(
    `value and gradient in ${target}: all are right but those on the list, and none of these is`,
    async () => {
      assert.equal(await surprises(target), []);
    },
  );
}

logSpace.run();
