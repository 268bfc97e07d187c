/** A label that stands for no class is an error in the reference evaluation and in tests, for every loss that takes labels. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { evaluateLoss } from '../../src/api/losses.js';
import { createRandom } from '../../src/random.js';
import { legalInputs } from '../helpers/legal-inputs.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';

/** A label behind all classes, one before them, and what is no label at all. */
const WRONG = [1234, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY];
/** Losses that take whole numbers for something else than positions: groups, of which any may be. */
const GROUPS = ['angular', 'circle', 'multi_similarity', 'soft_nearest_neighbor', 'sup_con', 'triplet_hard'];

const labels = suite('labels that stand for no class');
let tried = 0;

for (const name of LOSSES) {
  const program = standardProgram(name);
  const decl = lossesOf(program).find((one) => one.name.name === name)!;
  const compiled = compileLoss(program, decl);
  const { inputs, parameters } = legalInputs(compiled, createRandom(name));
  for (const input of compiled.inputs) {
    const labelled = input.labelAxis !== undefined && input.axes.length === 1;
    if (!(labelled || (input.data && input.domain === 'integer'))) continue;
    const { shape, data } = inputs.get(input.name)!;
    const given: NumberArray = labelled
      ? { shape: shape.slice(0, 1), data: new Float64Array(shape[0]!) }
      : { shape, data };
    tried += 1;
    labels(`${name}: ${input.name}`, () => {
      const read = (first: number): void => {
        const changed = { ...given, data: given.data.map((x, i) => (i === 0 ? first : x)) };
        evaluateLoss(compiled, new Map([...inputs, [input.name, changed]]), parameters);
      };
      read(0);
      const wrong = GROUPS.includes(name) ? WRONG.filter((x) => !Number.isInteger(x)) : WRONG;
      for (const label of wrong)
        assert.throws(
          () => read(label),
          new RegExp(`"${input.name}" holds (the label )?${label} \\(entry 0\\)`),
        );
    });
  }
}

labels('most losses of labels were tried', () => assert.ok(tried > 30, `${tried}`));

/** What a test block says of a label in place of 0. */
function failure(text: string, label: string): string | undefined {
  const program = loadProgram({ name: 'test.loss', text: text.replace('LABEL', label) });
  return runTests(program).flatMap(({ failures }) => failures.map(({ message }) => message))[0];
}

const LOOKUP = `loss lookup(target: integer, prediction: logits[class]; ignore: integer = -7) =
  -mean(at(log_softmax(prediction, class), class, target), batch where target != ignore)
test lookup { target = [LABEL, 0], prediction = [[0, 0], [0, 0]], value ~ log(2) }`;
const RANKS = `loss ranks(target: integer, prediction: unit[rank]) =
  sum((if target > index(rank) then 1 - prediction else prediction), rank)
test ranks { target = [LABEL], prediction = [[0.5, 0.5]], value ~ 1 }`;

for (const [name, text, fine, wrong] of [
  ['entries that are looked up', LOOKUP, ['0', '1', '-7'], ['2', '-1', '-100']],
  ['positions that are compared', RANKS, ['0', '1', '2'], ['3', '-1', '-100']],
] as const) {
  labels(`in a test block: ${name}`, () => {
    for (const label of fine) assert.is(failure(text, label), undefined, label);
    for (const label of wrong) assert.match(failure(text, label)!, `holds the label ${label} (entry 0)`);
  });
}
labels('the message says what may stand there', () => {
  assert.match(
    failure(LOOKUP, '2')!,
    '"target" holds the label 2 (entry 0), and a label of "class" goes from 0 to 1, or is -7 where the loss leaves it out',
  );
});
labels('positions below 0 are the affair of a loss that asks which are smaller', () => {
  const text = `loss some(target: integer, prediction: real[class]) =
    if target < 0 then 0 else at(prediction, class, target)
  test some { target = [LABEL], prediction = [[0, 0]], value ~ 0 }`;
  assert.is(failure(text, '-3'), undefined);
  assert.match(failure(text, '2')!, 'goes from 0 to 1');
});

labels.run();
