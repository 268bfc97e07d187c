/**
 * Spelling does not matter: every standard loss is written in other words (definitions of functions written out, calls and lets in place of
 * their names, parts named, sums as means, arithmetic turned around, logits turned by hand), and its value and gradient are as near to the exact
 * ones in float32 as those of the standard spelling. What falls behind is listed in spellings/behind.ts.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { FORMS } from './forms.js';
import { resolveStandard } from './library.js';
import { BEHIND, keyOf } from './spellings/behind.js';
import { fallsBehind } from './spellings/compare.js';
import { spellingsOf } from './spellings/spell.js';

const spellings = suite('spellings of the standard losses');

const listed = new Set(Object.keys(BEHIND));

spellings('each loss has other spellings, the same ones in every run', () => {
  const [focal] = FORMS.filter(({ name, fromLogits }) => name === 'focal' && fromLogits);
  const [definitions, byHand] = spellingsOf(focal!);
  assert.is(spellingsOf(focal!)[1]!.text, byHand!.text);
  assert.is.not(definitions!.text, byHand!.text);
  assert.match(byHand!.text, 'prediction: real[..., class]');
  assert.match(byHand!.text, /softmax\(prediction, class\)|exp\(prediction/);
});

spellings('an imported loss, a mean and a softplus are written out', () => {
  const [written] = spellingsOf({ name: 'sce', fromLogits: false });
  assert.not.match(written!.text.split(') =')[1]!, /\bcross_entropy\(/);
  const [random] = spellingsOf({ name: 'siglip', fromLogits: false });
  assert.match(random!.text, 'log(1 + exp(-logit))');
});

spellings('every text is read back as the loss it was made of', () => {
  for (const form of FORMS.slice(0, 20)) {
    for (const { text, compiled } of spellingsOf(form)) {
      const program = loadProgram({ name: 'spelled.loss', text }, resolveStandard);
      assert.equal(program.diagnostics, []);
      assert.is(lossesOf(program)[0]!.name.name, compiled.name);
    }
  }
});

spellings('each is as near to the exact numbers as the standard one, but those that are listed', () => {
  const surprises: string[] = [];
  const seen = new Set<string>();
  for (const form of FORMS) {
    for (const spelled of spellingsOf(form)) {
      const key = keyOf(form, spelled);
      const worse = fallsBehind(form, spelled);
      seen.add(key);
      if (worse === undefined && listed.has(key)) surprises.push(`${key} keeps up now: take it off the list`);
      if (worse !== undefined && !listed.has(key))
        surprises.push(`${key}: ${worse.where} (off by ${worse.off}, not ${worse.before})\n${spelled.text}`);
    }
  }
  assert.equal(surprises, []);
  assert.equal(
    [...listed].filter((key) => !seen.has(key)),
    [],
  );
});

spellings.run();
