/** No explanation contradicts itself: what is proved holds wherever it is measured, for the library and for random losses. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLowered } from '../../../compiler/compile.js';
import type { Explanation } from '../../../compiler/explain/explanation.js';
import { fallsEverywhere, sumIsConstant } from '../../../compiler/explain/facts/proofs.js';
import { formsOf, provedFor } from '../../../compiler/explain/facts/settled.js';
import { bendOf, explainConvexity, isConvex } from '../../../compiler/explain/findings/convexity.js';
import { errorSegments, labelSegments } from '../../../compiler/explain/findings/segments.js';
import { wholeCurve } from '../../../compiler/explain/probe/curve.js';
import { labelled, readerOf } from '../../../compiler/explain/probe/labelled.js';
import { regression } from '../../../compiler/explain/probe/numbers.js';
import { Probe } from '../../../compiler/explain/probe/probe.js';
import { worldOf } from '../../../compiler/explain/probe/world.js';
import { pairOf } from '../../../compiler/explain/signature.js';
import { printExplanation } from '../../../compiler/explain/text/print.js';
import { lowerLoss } from '../../../compiler/lower/lower.js';
import type { LoweredLoss } from '../../../compiler/lower/lowered.js';
import { type Program, programOf } from '../../../compiler/resolve/program.js';
import { printDecl } from '../../../grammar/print/print.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { arbitraryLoss } from '../../helpers/arbitrary-loss.js';
import { CORPUS, corpus } from '../../helpers/corpus.js';
import { LOSSES } from '../../stdlib/library.js';
import { explained, standard, written } from './helpers.js';

/** Random losses, from a fixed seed. */
const RANDOM = 40;
const SEED = 20260801;

const isWholeSentence = (text: string): boolean =>
  /^[A-Z`]/.test(text) && /[.?]$/.test(text) && !/undefined|NaN|\[object|not a number/.test(text);

/** What must hold of every explanation, whatever the loss. */
function assertWellFormed(explanation: Explanation, context: string): void {
  assert.equal(JSON.parse(JSON.stringify(explanation)), explanation, `${context}: is not plain data`);
  for (const { statement, reason, status, holds, property, witness } of explanation.findings) {
    assert.ok(isWholeSentence(statement), `${context}: ${statement}`);
    assert.ok(isWholeSentence(reason), `${context}: ${reason}`);
    if (status !== 'refuted') continue;
    assert.is(holds, false, `${context}: ${property}`);
    assert.ok(witness !== undefined, `${context}: ${property} is refuted without a witness`);
  }
  const lines = printExplanation(explanation).split('\n');
  assert.ok(
    lines.every((line) => line.trimEnd() === line || line.includes('let ')),
    `${context}: blanks at ends`,
  );
}

/** Values that were seen lie within the range that was proved. */
function assertRange(loss: LoweredLoss, explanation: Explanation, context: string): void {
  const seen = explanation.findings.find(({ property }) => property === 'values seen')?.witness;
  if (seen === undefined) return;
  const { lo, hi } = compileLowered(loss).formula.value.range;
  const slack = 1e-9 * Math.max(1, Math.abs(seen['highest'] as number), Math.abs(seen['lowest'] as number));
  assert.ok((seen['lowest'] as number) >= lo - slack, `${context}: ${seen['lowest']} below ${lo}`);
  assert.ok((seen['highest'] as number) <= hi + slack, `${context}: ${seen['highest']} above ${hi}`);
}

/** Proofs of convexity, of falling and of constant sums against evaluation. */
function assertProofs(loss: LoweredLoss, context: string): void {
  const plain = compileLowered(loss);
  const pair = pairOf(plain);
  if (pair === undefined) return;
  const world = worldOf(loss, pair.axis, pair.family === 'binary' ? 1 : 5);
  const forms = formsOf(plain, world);
  const bend = bendOf(forms);
  const unproved = { curvature: 'unknown', proved: '' } as const;
  if (pair.family === 'regression') {
    const segments = errorSegments(regression(new Probe(plain, world), pair));
    if (isConvex(bend))
      assert.is(explainConvexity('convex', unproved, [], segments)[0]!.holds, true, context);
    return;
  }
  const onLogits = compileLowered(loss, { fromLogits: true });
  const subject = labelled(new Probe(onLogits, world), pair, pair.prediction.domain === 'real');
  if (isConvex(bend)) {
    const reader = readerOf(new Probe(plain, world), pair);
    const segments = labelSegments(subject, [0, 1], reader, onLogits.logits.length > 0);
    assert.is(explainConvexity('convex', unproved, [], segments)[0]!.holds, true, `${context}: convex`);
  }
  if (isConvex(bendOf(formsOf(onLogits, world)))) {
    const segments = labelSegments(subject, [0, 1], subject, false);
    assert.is(
      explainConvexity('convex', unproved, [], segments)[0]!.holds,
      true,
      `${context}: convex in logits`,
    );
  }
  if (provedFor(forms, (compiled) => fallsEverywhere(compiled, pair)) !== undefined) {
    const { slopes } = wholeCurve(subject, 0);
    assert.ok(
      slopes.every((slope) => !(slope > 1e-9)),
      `${context}: rises`,
    );
  }
  if (provedFor(forms, (compiled) => sumIsConstant(compiled, pair)) !== undefined) {
    const rows = [0, 1.5, 4].map((gap) => subject.row(1, gap));
    const sums = rows.map((row) => {
      const labels = Array.from({ length: subject.labels }, (_, label) => label);
      const all = labels.flatMap(() => [...row]);
      return subject.read(labels, Float64Array.from(all)).values.reduce((a, b) => a + b, 0);
    });
    // Sums that are infinite alike are equal, and their difference is no number.
    const isFirst = (sum: number): boolean =>
      sum === sums[0] || Math.abs(sum - sums[0]!) <= 1e-9 * Math.max(1, Math.abs(sum));
    assert.ok(sums.every(isFirst), `${context}: sums ${sums}`);
  }
}

function check({ program, decl }: { program: Program; decl: LossDecl }, context: string): void {
  const { loss } = lowerLoss(program, decl);
  if (loss === undefined) return;
  const explanation = explained({ program, decl });
  assertWellFormed(explanation, context);
  assertRange(loss, explanation, context);
  assertProofs(loss, context);
}

const library = suite('explaining the standard library');
for (const name of LOSSES) library(name, () => check(standard(name), name));
library.run();

const field = suite('explaining the losses of the field');
for (const name of CORPUS) {
  field(name, () => {
    const decl = corpus.module.file.declarations.find(
      (one): one is LossDecl => one.kind === 'loss' && one.name.name === name,
    )!;
    check({ program: corpus, decl }, name);
  });
}
field.run();

const random = suite('explaining random losses');
random(`${RANDOM} losses, seed ${SEED}`, () => {
  for (const decl of fc.sample(arbitraryLoss, { numRuns: RANDOM, seed: SEED }))
    check({ program: programOf([decl]), decl }, printDecl(decl));
});
random('an item too large to evaluate is told of, not evaluated', () => {
  const text = `loss wide(target: real[x = 100000], prediction: real[x = 100000]) =
    sum(abs(prediction - rename(target, x, y)), x, y)`;
  const explanation = explained(written(text));
  const { status, statement } = explanation.findings.find(({ property }) => property === 'finite')!;
  assert.is(status, 'unknown');
  assert.is(statement, 'The loss was not evaluated: one item of it is too large.');
});
random('the same explanation every time, whatever was explained before', () => {
  const first = explained(standard('focal'));
  explained(standard('baikal'));
  assert.equal(explained(standard('focal')), first);
});
random.run();
