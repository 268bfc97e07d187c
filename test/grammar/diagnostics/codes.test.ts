import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as axisMessages from '../../../compiler/messages/axes.js';
import * as effectMessages from '../../../compiler/messages/effects.js';
import * as importMessages from '../../../compiler/messages/imports.js';
import * as nameMessages from '../../../compiler/messages/names.js';
import * as roleMessages from '../../../compiler/messages/roles.js';
import * as sketchMessages from '../../../compiler/messages/sketches.js';
import * as testMessages from '../../../compiler/messages/tests.js';
import {
  CODES,
  codeRow,
  isOfGrammar,
  type MessageName,
  messageOfCode,
} from '../../../grammar/diagnostics/codes.js';
import { EXPLANATIONS } from '../../../grammar/diagnostics/explanations.js';
import * as ofGrammar from '../../../grammar/diagnostics/messages.js';

const codes = suite('the catalogue of diagnostics');

const names = Object.keys(CODES) as MessageName[];
const ofCompiler = {
  ...nameMessages,
  ...axisMessages,
  ...effectMessages,
  ...roleMessages,
  ...testMessages,
  ...sketchMessages,
  ...importMessages,
};

codes('has a row for each message and no other', () => {
  assert.equal([...names].sort(), [...Object.keys(ofGrammar), ...Object.keys(ofCompiler)].sort());
});

codes('knows what is of the grammar', () => {
  for (const name of names) assert.is(isOfGrammar(CODES[name]), Object.hasOwn(ofGrammar, name), name);
});

codes('gives each message a code of its own, and finds it', () => {
  for (const name of names) {
    const { code } = CODES[name];
    assert.is(messageOfCode(code), name);
    assert.is(messageOfCode(code.toLowerCase()), name);
  }
  assert.is(messageOfCode('L999'), undefined);
});

const place = new URL('../../../grammar/REFERENCE.md', import.meta.url);
const reference = readFileSync(place, 'utf8');

codes('points at sections of the reference', () => {
  const anchors = [...reference.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  for (const name of names)
    assert.ok(anchors.includes(EXPLANATIONS[name].see), `${name}: ${EXPLANATIONS[name].see}`);
});

/** The table of the codes with one first digit, as the reference has it. */
function tableOf(digit: string): string {
  const rows = names
    .map((name) => ({ ...codeRow(name), ...EXPLANATIONS[name] }))
    .filter(({ code }) => code[1] === digit)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(({ code, severity, title }) => ({
      code,
      says: `${severity === 'warning' ? 'a warning: ' : ''}${title.replaceAll('|', '\\|')}`,
    }));
  const width = Math.max(...rows.map(({ says }) => says.length));
  return [
    `| Code | ${'Says'.padEnd(width)} |`,
    `| ---- | ${'-'.repeat(width)} |`,
    ...rows.map(({ code, says }) => `| ${code} | ${says.padEnd(width)} |`),
  ].join('\n');
}

const DIGITS = [...new Set(names.map((name) => CODES[name].code[1]!))].sort();
const TABLE = /^\| Code \|.*(?:\n\|.*)*/m;

// `UPDATE_GOLDEN=1` writes the tables anew.
if (process.env['UPDATE_GOLDEN'] === '1') {
  const [before, ...sections] = reference.split(/^(?=## L\dxx)/m);
  const written = sections.map((section, i) => section.replace(TABLE, () => tableOf(DIGITS[i]!)));
  writeFileSync(place, [before, ...written].join(''));
}

for (const digit of DIGITS) {
  codes(`is what the reference lists: L${digit}xx`, () => {
    const section = reference.split(/^(?=## L\dxx)/m).find((one) => one.startsWith(`## L${digit}xx`))!;
    assert.fixture(TABLE.exec(section)![0], tableOf(digit));
  });
}

codes('says what is wrong in a phrase, and what to do in a sentence without a full stop', () => {
  for (const name of names) {
    const { title, help } = EXPLANATIONS[name];
    assert.match(title, /^[a-z`].*[^.]$/, name);
    assert.match(help, /^[a-z`].*[^.]$/, name);
    assert.is(title.split('`').length % 2, 1, name);
    assert.is(help.split('`').length % 2, 1, name);
  }
});

codes.run();
