import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LossParser } from '../../../grammar/read/parser/parser.js';
import { parserMessages } from '../../../grammar/read/parser/parser-errors.js';
import { Lexer } from '../../../grammar/read/tokens/chevrotain.js';
import { NumberLiteral, RESERVED, Text, TOKENS } from '../../../grammar/read/tokens/tokens.js';

const tokens = suite('tokens and grammar');

tokens('the lexer is valid and lexes by first characters', () => {
  const lexer = new Lexer([...TOKENS], { positionTracking: 'onlyOffset', ensureOptimizations: true });
  assert.equal(lexer.lexerDefinitionErrors, []);
});

tokens('the grammar is valid: no left recursion, nothing ambiguous within two tokens', () => {
  assert.not.throws(() => new LossParser(parserMessages, true));
});

interface Pattern {
  readonly name?: string;
  readonly match?: string;
  readonly include?: string;
  readonly patterns?: readonly Pattern[];
}
interface EditorGrammar extends Pattern {
  readonly repository: Readonly<Record<string, Pattern>>;
}

const editor: EditorGrammar = JSON.parse(
  readFileSync(new URL('../../../grammar/loss.tmLanguage.json', import.meta.url), 'utf8'),
);
const flat = (pattern: Pattern): Pattern[] => [pattern, ...(pattern.patterns ?? []).flatMap(flat)];

tokens('the editor grammar colours exactly the reserved words as keywords', () => {
  const words = flat(editor.repository['keywords']!).flatMap(({ match }) => match?.match(/[a-z]{2,}/g) ?? []);
  assert.equal(words.sort(), RESERVED.map((type) => String(type.PATTERN)).sort());
});

tokens('the editor grammar has the numbers and strings of the lexer', () => {
  assert.is(editor.repository['number']!.match, (NumberLiteral.PATTERN as RegExp).source);
  assert.is(editor.repository['string']!.match, (Text.PATTERN as RegExp).source);
});

tokens('what the editor grammar includes is there, and its patterns are regular expressions', () => {
  const all = [editor, ...Object.values(editor.repository)].flatMap(flat);
  for (const { include, match } of all) {
    if (include !== undefined) assert.ok(editor.repository[include.slice(1)], include);
    if (match !== undefined) assert.not.throws(() => new RegExp(match));
  }
});

tokens('the editor grammar has a colour for every operator', () => {
  const operators = new RegExp(
    `^(?:${flat(editor.repository['operators']!)
      .flatMap(({ match }) => match ?? [])
      .join('|')})$`,
  );
  const symbols = TOKENS.map((type) => type.PATTERN).filter(
    (pattern): pattern is string => typeof pattern === 'string' && /^[^\w\s()[\]{},;:]+$/.test(pattern),
  );
  assert.ok(symbols.length > 12);
  for (const symbol of symbols) assert.match(symbol, operators);
});

tokens.run();
