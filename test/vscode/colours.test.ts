import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { IGrammar, IRawGrammar } from 'vscode-textmate';
import { DOMAINS } from '../../compiler/resolve/domains.js';
import { FUNCTIONS } from '../../compiler/resolve/functions.js';
import { lex } from '../../grammar/read/tokens/lex.js';
import * as t from '../../grammar/read/tokens/tokens.js';
import { readLossFile, stdlibNames } from '../../src/stdlib.js';

// Both are CommonJS whose names Node does not see from outside.
const require = createRequire(import.meta.url);
const textmate: typeof import('vscode-textmate') = require('vscode-textmate');
const oniguruma: typeof import('vscode-oniguruma') = require('vscode-oniguruma');

/** Colours as an editor gets them: its own engine reads the grammar. */
const colours = suite('colours of the editor grammar');

const SCOPE = 'source.loss';
let grammar: IGrammar;
colours.before(async () => {
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
  const raw: IRawGrammar = JSON.parse(
    readFileSync(new URL('../../grammar/loss.tmLanguage.json', import.meta.url), 'utf8'),
  );
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => (scope === SCOPE ? raw : null),
  });
  grammar = (await registry.loadGrammar(SCOPE))!;
});

/** The innermost scope of every character of a text. */
function scopesOf(text: string): readonly string[] {
  const scopes: string[] = [];
  let state = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    for (const { startIndex, endIndex, scopes: found } of tokens)
      for (let i = startIndex; i < Math.min(endIndex, line.length); i += 1) scopes.push(found.at(-1)!);
    scopes.push('end of line');
    state = ruleStack;
  }
  return scopes;
}

/** What a token has to look like, by its type; undefined where that depends on what is around it. */
function expected(type: (typeof t.RESERVED)[number]): RegExp | undefined {
  if (t.RESERVED.includes(type)) return /^keyword\./;
  if (type === t.NumberLiteral) return /^constant\.numeric\.loss$/;
  if (type === t.Text) return /^string\.quoted\.double\.loss$/;
  if (type.CATEGORIES?.includes(t.BinaryOperator) === true) return /^keyword\.operator\./;
  if (type === t.Name)
    return /^(?:variable\.other|entity\.name\.function|support\.type\.domain|keyword\.other\.domain)/;
  return undefined;
}

/** Every token and comment of a text has its scope from the first character to the last; how many there were. */
function compare(name: string, text: string): number {
  const scopes = scopesOf(text);
  const { tokens, comments } = lex(text, () => {});
  const check = (start: number, end: number, scope: RegExp): void => {
    for (let i = start; i < end; i += 1) {
      if (text[i] !== '\n') assert.match(scopes[i]!, scope, `${name}: ${text.slice(start, end)}`);
    }
  };
  let count = 0;
  for (const { image, startOffset, tokenType } of tokens) {
    const scope = expected(tokenType);
    if (scope === undefined) continue;
    check(startOffset, startOffset + image.length, scope);
    count += 1;
  }
  for (const { kind, span } of comments) {
    check(
      span.start,
      span.end,
      kind === 'doc' ? /^comment\.line\.documentation/ : /^comment\.line\.double-slash/,
    );
    count += 1;
  }
  return count;
}

colours('the standard library', () => {
  const counts = stdlibNames().map((name) => compare(name, readLossFile(`std/${name}`).text));
  assert.ok(counts.every((count) => count > 5));
});

for (const path of ['test/corpus/corpus.loss', 'examples/mine.loss', 'examples/glo.loss'])
  colours(path, () => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    assert.ok(compare(path, text) > 20);
  });

/** The scope of a word of a text. */
const scopeIn = (text: string, word: string): string => scopesOf(text)[text.indexOf(word)]!;

for (const word of t.RESERVED.map((type) => String(type.PATTERN)))
  colours(`the word ${word}`, () => assert.match(scopeIn(` ${word} `, word), /^keyword\./));

for (const name of Object.keys(FUNCTIONS))
  colours(`the function ${name}`, () => {
    assert.is(scopeIn(`  ${name}(x)`, name), 'entity.name.function.call.loss');
  });

for (const name of Object.keys(DOMAINS))
  colours(`the domain ${name}`, () => {
    assert.is(scopeIn(`loss f(x: ${name}[class])`, name), 'support.type.domain.loss');
  });

const WORDS: readonly (readonly [text: string, word: string, scope: string])[] = [
  ['loss mine(x: real) = x', 'mine', 'entity.name.function.loss'],
  ['loss f(over: real) = over', 'over', 'variable.other.loss'],
  ['loss f(x: onehot[..., class] over class) = x', 'over', 'keyword.other.domain.loss'],
  ['x // loss', 'loss', 'comment.line.double-slash.loss'],
  ['/// loss', 'loss', 'comment.line.documentation.loss'],
  ['//// loss', 'loss', 'comment.line.double-slash.loss'],
  ['import { a } from "std/loss"', 'std', 'string.quoted.double.loss'],
  ['losses', 'losses', 'variable.other.loss'],
  ['value ~ 1', '~', 'keyword.operator.expectation.loss'],
  ['-mean(?, class)', '?', 'constant.language.hole.loss'],
];
for (const [text, word, scope] of WORDS)
  colours(`${word} in ${text}`, () => assert.is(scopeIn(text, word), scope));

colours.run();
