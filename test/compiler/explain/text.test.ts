/**
 * Explanations as they are printed, whole: `test/golden/explain/NAME.txt`. `UPDATE_GOLDEN=1` writes the files anew; read
 * what changed.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExplanation } from '../../../compiler/explain/text/print.js';
import type { Program } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { explained, SWAPPED, standard, written } from './helpers.js';

const FOLDER = new URL('../../golden/explain/', import.meta.url);

const LOSSES: Readonly<Record<string, { program: Program; decl: LossDecl }>> = {
  baikal: standard('baikal'),
  cross_entropy: standard('cross_entropy'),
  mse: standard('mse'),
  huber: standard('huber'),
  focal: standard('focal'),
  gce: standard('gce'),
  swapped: written(SWAPPED),
  info_nce: standard('info_nce'),
  bce: standard('bce'),
};

const texts = suite('explanations as text');

for (const [name, subject] of Object.entries(LOSSES)) {
  texts(name, () => {
    const file = new URL(`${name}.txt`, FOLDER);
    const printed = printExplanation(explained(subject));
    if (process.env['UPDATE_GOLDEN'] === '1') {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, printed);
    }
    assert.fixture(printed, readFileSync(file, 'utf8'));
  });
}

texts('from logits, the formula on logits is shown, in the names of the user', () => {
  const printed = printExplanation(explained(standard('cross_entropy'), { fromLogits: true, classes: 3 }));
  assert.match(printed, 'classification, figures for 3 classes, formula from logits\n');
  assert.match(printed, 'value\n  -sum(target * log_softmax(prediction, class), class)\n');
  assert.match(printed, 'derivative with respect to prediction\n  softmax(prediction, class) - target\n');
});

texts('many classes: what does not depend on their number is looked at with ten', () => {
  const explanation = explained(standard('focal'), { classes: 200 });
  assert.is(explanation.setting.classes, 200);
  const smooth = explanation.findings.find(({ property }) => property === 'smooth')!;
  assert.match(smooth.reason, 'Computed with 10 classes.');
});

texts('nothing of the user\u2019s text reaches the terminal as a command', () => {
  const explanation = explained(standard('mse'));
  const printed = printExplanation({ ...explanation, value: 'x\u001b[2J\u0007' });
  assert.not.match(printed, '\u001b');
  assert.not.match(printed, '\u0007');
});

texts('lines fit a terminal of 100 columns, where the formula allows', () => {
  for (const name of ['focal', 'sibsau_b', 'asymmetric']) {
    const lines = printExplanation(explained(standard(name))).split('\n');
    assert.equal(
      lines.filter((line) => line.length > 100),
      [],
      name,
    );
  }
});

texts.run();
