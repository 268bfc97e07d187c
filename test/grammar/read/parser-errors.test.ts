import type { IProduction, TokenType } from 'chevrotain';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LossParser, type RuleName } from '../../../grammar/read/parser/parser.js';
import { parserMessages, WIDER } from '../../../grammar/read/parser/parser-errors.js';

const errors = suite('words of the errors of the parser');

const parser = new LossParser(parserMessages);
const rules = parser.getGAstProductions();

errors('a rule is the field of the parser that has its name', () => {
  for (const [name, rule] of Object.entries(rules))
    assert.is((parser[name as RuleName] as { readonly ruleName?: string }).ruleName, rule.name);
});

/** The tokens that a rule itself asks for. */
function tokensOf(production: IProduction): readonly TokenType[] {
  const { terminalType, definition = [] } = production as IProduction & {
    readonly terminalType?: TokenType;
    readonly definition?: readonly IProduction[];
  };
  if (terminalType !== undefined) return [terminalType];
  return 'nonTerminalName' in production ? [] : definition.flatMap(tokensOf);
}

for (const [name, wider] of Object.entries(WIDER)) {
  errors(`${name} asks for the tokens that it has words for`, () => {
    const asked = new Set(tokensOf(rules[name] as unknown as IProduction));
    for (const token of wider.keys()) assert.ok(asked.has(token), token.name);
  });
}

errors.run();
