import type { CustomPatternMatcherFunc, ITokenConfig, TokenType } from 'chevrotain';
import { createToken, Lexer } from './chevrotain.js';

/** `/* … *\/`, or to the end of the text where it is not closed. A function, so that it never scans a text twice. */
const matchBlockComment: CustomPatternMatcherFunc = (text, offset) => {
  if (!text.startsWith('/*', offset)) return null;
  const close = text.indexOf('*/', offset + 2);
  return [text.slice(offset, close < 0 ? text.length : close + 2)];
};

const define = (config: ITokenConfig): TokenType => createToken(config);
const symbol = (name: string, label: string, categories: readonly TokenType[] = []): TokenType =>
  define({ name, pattern: label, label: `\`${label}\``, categories: [...categories] });

/** Categories: the parser asks for any operator, the tree builder looks at which it was. */
export const BinaryOperator = define({ name: 'BinaryOperator', pattern: Lexer.NA, label: 'an operator' });
export const PrefixOperator = define({ name: 'PrefixOperator', pattern: Lexer.NA, label: '`-` or `not`' });

/** `torch.log`, `x.shape`: names of other languages, which the parser takes where a value or a domain may stand. */
export const DottedName = define({
  name: 'DottedName',
  pattern: /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+/,
  label: 'a name',
});
export const Name = define({ name: 'Name', pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: 'a name' });
const word = (label: string, categories: readonly TokenType[] = []): TokenType =>
  define({
    name: `${label[0]!.toUpperCase()}${label.slice(1)}Word`,
    pattern: label,
    label: `\`${label}\``,
    longer_alt: Name,
    categories: [...categories],
  });

export const Import = word('import');
export const From = word('from');
export const Loss = word('loss');
export const Fn = word('fn');
export const Sketch = word('sketch');
export const Test = word('test');
export const Let = word('let');
export const If = word('if');
export const Then = word('then');
export const Else = word('else');
export const And = word('and', [BinaryOperator]);
export const Or = word('or', [BinaryOperator]);
export const Not = word('not', [PrefixOperator]);
export const Where = word('where');
export const With = word('with');
export const Operators = word('operators');
export const Leaves = word('leaves');
export const Data = word('data');

/** Behind the brackets of a domain; a name everywhere else. */
export const OVER = 'over';

/** Words that are never names. */
export const RESERVED: readonly TokenType[] = [
  ...[Import, From, Loss, Fn, Sketch, Test, Let, If, Then, Else],
  ...[And, Or, Not, Where, With, Operators, Leaves, Data],
];

export const NumberLiteral = define({
  name: 'NumberLiteral',
  pattern: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/,
  label: 'a number',
});
export const Text = define({ name: 'Text', pattern: /"[^"\\\n]*"/, label: 'a string' });

export const LeftParen = symbol('LeftParen', '(');
export const RightParen = symbol('RightParen', ')');
export const LeftSquare = symbol('LeftSquare', '[');
export const RightSquare = symbol('RightSquare', ']');
export const LeftCurly = symbol('LeftCurly', '{');
export const RightCurly = symbol('RightCurly', '}');
export const Comma = symbol('Comma', ',');
export const Semicolon = symbol('Semicolon', ';');
export const Colon = symbol('Colon', ':');
export const Dots = symbol('Dots', '...');
export const Tilde = symbol('Tilde', '~');
export const Hole = symbol('Hole', '?');
export const Equals = symbol('Equals', '=');
export const Plus = symbol('Plus', '+', [BinaryOperator]);
export const Minus = symbol('Minus', '-', [BinaryOperator, PrefixOperator]);
export const Star = symbol('Star', '*', [BinaryOperator]);
export const Slash = symbol('Slash', '/', [BinaryOperator]);
export const Caret = symbol('Caret', '^', [BinaryOperator]);
export const Less = symbol('Less', '<', [BinaryOperator]);
export const LessEqual = symbol('LessEqual', '<=', [BinaryOperator]);
export const Greater = symbol('Greater', '>', [BinaryOperator]);
export const GreaterEqual = symbol('GreaterEqual', '>=', [BinaryOperator]);
export const EqualEqual = symbol('EqualEqual', '==', [BinaryOperator]);
export const NotEqual = symbol('NotEqual', '!=', [BinaryOperator]);

const WhiteSpace = define({
  name: 'WhiteSpace',
  pattern: /[ \t\r\n\f\v\u00a0\ufeff]+/,
  group: Lexer.SKIPPED,
});
const LineComment = define({ name: 'LineComment', pattern: /\/\/[^\n]*/, group: 'comments' });

/** What other languages write. Each is read as what it stands for, with a diagnostic, so that the rest is checked too. */
export const HashComment = define({ name: 'HashComment', pattern: /#[^\n]*/ });
export const BlockComment = define({
  name: 'BlockComment',
  pattern: matchBlockComment,
  start_chars_hint: ['/'],
  line_breaks: true,
});
export const ForeignOperator = define({
  name: 'ForeignOperator',
  pattern:
    /&&?|\|\|?|!==?|!|\*\*|===|<>|:=|[\u2264\u2265\u2260\u2212\u2013\u2014\u00d7\u00b7\u2217\u22c5\u2022\u00f7\u2215\u2044\u2227\u2228\u00ac\u2026\uff08\uff09\uff3b\uff3d\uff0c\uff1b\uff1a\uff1d\uff0b\uff0d\uff0a\uff0f]/,
  line_breaks: false,
});
/** `x += 1`. */
export const Reassignment = define({ name: 'Reassignment', pattern: /[-+*/]=(?!=)/, line_breaks: false });
/** `.abs` behind a bracket: methods. */
export const Method = define({ name: 'Method', pattern: /\.[A-Za-z_][A-Za-z0-9_]*/ });
export const Superscript = define({
  name: 'Superscript',
  pattern: /\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+/,
});
/** `p'`: a prime belongs to the name in front of it. */
export const Prime = define({
  name: 'Prime',
  pattern: (text, offset) =>
    text[offset] === "'" && /\w/.test(text[offset - 1] ?? '')
      ? [/^'+/.exec(text.slice(offset, offset + 9))![0]]
      : null,
  start_chars_hint: ["'"],
  line_breaks: false,
});
export const BadText = define({
  name: 'BadText',
  pattern:
    /"[^"\n]*"?|'[^'\n]*'?|[\u201c\u201d\u201e][^"\u201c\u201d\n]*[\u201c\u201d"]?|[\u2018\u2019][^'\u2018\u2019\n]*[\u2018\u2019']?/,
});

/** Where a line ends a statement, and where a body ends: put in by the line filter, never in the text. */
export const NewLine = define({ name: 'NewLine', pattern: Lexer.NA, label: 'a new line' });
export const BodyEnd = define({ name: 'BodyEnd', pattern: Lexer.NA, label: 'the end of the body' });

/** All tokens; of two that fit, the first in the list is taken. */
export const TOKENS: readonly TokenType[] = [
  ...[WhiteSpace, LineComment, BlockComment, HashComment],
  ...[DottedName, ...RESERVED, Name, NumberLiteral, Method, Text, Prime, BadText],
  ...[Reassignment, Superscript, NotEqual, EqualEqual, LessEqual, GreaterEqual, ForeignOperator],
  ...[LeftParen, RightParen, LeftSquare, RightSquare, LeftCurly, RightCurly],
  ...[Comma, Semicolon, Colon, Dots, Tilde, Hole, Equals],
  ...[Plus, Minus, Star, Slash, Caret, Less, Greater],
  ...[NewLine, BodyEnd, BinaryOperator, PrefixOperator],
];

/** Splits a text into tokens; characters that fit nothing are reported in `errors` and skipped. */
export const lexer = new Lexer([...TOKENS], {
  positionTracking: 'onlyOffset',
  ensureOptimizations: true,
  skipValidations: true,
});
