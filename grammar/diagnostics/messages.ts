import type { Span } from '../tree/ast.js';
import { characterHint, invisibleName, latinOf } from './characters.js';
import type { Diagnostic } from './diagnostic.js';

/** Texts quoted in messages are cut to this many characters. */
const MAX_QUOTE = 40;

function error(code: string, span: Span, message: string, hint?: string): Diagnostic {
  return { code, severity: 'error', message, span, ...(hint !== undefined && { hint }) };
}

/** A piece of the source between backquotes, short and on one line. */
export function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `\`${line.length > MAX_QUOTE ? `${line.slice(0, MAX_QUOTE)}\u2026` : line}\``;
}

// Lexing

/** Letters that names are not made of here: a name all the same, in the eyes of who wrote it. */
export function isForeignName(text: string): boolean {
  return /^[\p{Letter}\p{Mark}]+$/u.test(text);
}

export function unknownCharacter(text: string, span: Span): Diagnostic {
  if (isForeignName(text)) {
    const latin = latinOf(text);
    const letters = 'names are made of the letters a to z, digits and _';
    const hint = latin === undefined ? letters : `write ${quote(latin)}`;
    return error('L001', span, `a name may not contain ${quote(text)}`, hint);
  }
  const invisible = invisibleName(text);
  return invisible === undefined
    ? error('L001', span, `unknown character ${quote(text)}`, characterHint(text))
    : error('L001', span, `there is an invisible character here (${invisible})`, 'delete it');
}

export function primeInName(name: string, span: Span): Diagnostic {
  return error('L001', span, `a name may not contain \`'\``, `for example ${quote(`${name}_prime`)}`);
}

export function numberTooLarge(span: Span): Diagnostic {
  return error('L002', span, 'this number is larger than a number can be (about 1.8e308)');
}

export function numberTooSmall(span: Span): Diagnostic {
  return error('L002', span, 'this number is so small that it would be 0', 'write 0, or at least 5e-324');
}

export function numberTooLong(length: number, limit: number, span: Span): Diagnostic {
  return error(
    'L002',
    span,
    `this number is ${length} characters long, and ${limit} are allowed`,
    'a number keeps about 17 digits',
  );
}

export function malformedNumber(text: string, span: Span): Diagnostic {
  const plain = text.replaceAll('_', '');
  const hint = /^\d+(?:_\d+)+$/.test(text) ? `write ${quote(plain)}: digits stand together` : undefined;
  return error('L003', span, `${quote(text)} is not a number`, hint);
}

export function missingTimes(number: string, name: string, span: Span): Diagnostic {
  return error(
    'L003',
    span,
    `${quote(number + name)} is not a name`,
    `to multiply write ${quote(`${number} * ${name}`)}`,
  );
}

export function barsAround(value: string, span: Span): Diagnostic {
  return error('L006', span, `there is no ${quote(`|${value}|`)}`, `write ${quote(`abs(${value})`)}`);
}

export function factorial(span: Span): Diagnostic {
  return error(
    'L006',
    span,
    'there is no factorial `!`',
    'write `exp(lgamma(x + 1))`, and for its logarithm `lgamma(x + 1)`',
  );
}

/** `x // 2`: what would be a quotient elsewhere is a comment here, and the value is another. */
export function commentAsDivisor(comment: string, span: Span): Diagnostic {
  return error(
    'L011',
    span,
    `${quote(comment)} is a comment, and divides nothing`,
    'a quotient is written with one `/`, and there is no rounding; a comment may not be a number alone',
  );
}

export function unclosedString(span: Span): Diagnostic {
  return error('L004', span, 'this string is not closed', 'strings end with `"` on the same line');
}

export function singleQuotes(span: Span): Diagnostic {
  return error('L004', span, 'strings stand in straight double quotes', 'write `"\u2026"`');
}

export function backslashInString(span: Span): Diagnostic {
  return error('L004', span, 'a string may not contain `\\`', 'paths are written with `/`');
}

export function hashComment(span: Span): Diagnostic {
  return error('L005', span, '`#` begins no comment: comments begin with `//`');
}

export function blockComment(closed: boolean, span: Span): Diagnostic {
  return closed
    ? error('L005', span, 'there are no block comments: begin each line with `//`')
    : error(
        'L005',
        span,
        'there are no block comments, and this one is not closed: begin each line with `//`',
      );
}

export function foreignOperator(text: string, meant: string, span: Span): Diagnostic {
  return error('L006', span, `there is no ${quote(text)}: write ${quote(meant)}`);
}

export function reservedWord(word: string, span: Span): Diagnostic {
  return error(
    'L007',
    span,
    `${quote(word)} is a reserved word and cannot be a name`,
    `for example ${quote(`${word}_`)}`,
  );
}

export function bracketNotClosed(bracket: string, span: Span): Diagnostic {
  return error('L008', span, `this ${quote(bracket)} is never closed`);
}

export function bracketClosesNothing(bracket: string, span: Span): Diagnostic {
  return error('L008', span, `this ${quote(bracket)} closes nothing`);
}

export function bracketMismatch(open: string, close: string, openSpan: Span, span: Span): Diagnostic {
  return {
    ...error('L008', span, `this ${quote(close)} closes a ${quote(open)}`),
    notes: [{ message: 'opened here', span: openSpan }],
  };
}

export function fileTooLarge(length: number, limit: number): Diagnostic {
  const size = (n: number): string => `${(n / 1e6).toFixed(1)} MB`;
  return error('L009', { start: 0, end: 0 }, `the file has ${size(length)}, and ${size(limit)} are allowed`);
}

export function nestedTooDeep(limit: number, span: Span): Diagnostic {
  return error(
    'L010',
    span,
    `brackets, \`then\`, signs and \`^\` may nest ${limit} deep, and here they nest deeper`,
    'name a part with `let`',
  );
}

// Parsing

export function unexpected(expected: string, found: string, span: Span, hint?: string): Diagnostic {
  return error('L100', span, `expected ${expected}, found ${found}`, hint);
}

export function outsideDeclaration(found: string, span: Span, hint?: string): Diagnostic {
  const parts = 'a file is made of `import`, `loss`, `fn`, `sketch` and `test`';
  return error('L101', span, `${found} stands outside any declaration`, hint ?? parts);
}

export function trailingComma(closer: string, span: Span): Diagnostic {
  return error('L102', span, `there is nothing between this comma and ${closer}`, 'leave the comma out');
}

export function unaryPlus(span: Span): Diagnostic {
  return error('L103', span, 'there is no plus sign in front of a value', 'leave the `+` out');
}

export function commaBeforeParameter(name: string, separator: string | undefined, span: Span): Diagnostic {
  return separator === undefined
    ? error('L104', span, `${quote(name)} has a default, so it is a parameter: parameters follow \`;\``)
    : error(
        'L104',
        span,
        `${quote(separator)} before a parameter: parameters follow \`;\``,
        'write `;` in its place',
      );
}

export function lineStartsWithMinus(span: Span): Diagnostic {
  return error(
    'L105',
    span,
    'this line begins with `-`, so it is a new statement',
    'to go on with a minus, end the line before with it',
  );
}

export function unusedStatement(span: Span): Diagnostic {
  return error(
    'L106',
    span,
    'this value is not used: a body is any number of `let`s and then one expression',
    'a line goes on where it ends with an operator or the next begins with `+`, `*`, `/` or `^`',
  );
}

export function bodyWithoutResult(span: Span): Diagnostic {
  return error('L107', span, 'after its `let`s a body needs an expression, its value');
}

export function chainedComparison(span: Span): Diagnostic {
  return error('L108', span, 'comparisons do not chain: write `a < b and b < c`');
}

export function notNeedsParentheses(span: Span): Diagnostic {
  return error(
    'L109',
    span,
    '`not` binds looser than the operator before it',
    'put `(not …)` in parentheses',
  );
}

export function whereCall(span: Span): Diagnostic {
  return error('L110', span, '`where(c, a, b)`: write `if c then a else b`');
}

export function positionalAfterNamed(name: string, span: Span): Diagnostic {
  return error(
    'L111',
    span,
    `this argument has no name but follows ${quote(`${name} = …`)}`,
    'named arguments come last',
  );
}

export function missingThen(found: string, span: Span): Diagnostic {
  return error(
    'L112',
    span,
    `expected \`then\` after the condition, found ${found}`,
    'write `if condition then value else value`',
  );
}

export function missingElse(found: string, span: Span, isElseIf: boolean): Diagnostic {
  return error(
    'L113',
    span,
    `expected \`else\`, found ${found}`,
    isElseIf ? 'write `else if`' : 'an `if` is a value, so it needs both: `if c then a else b`',
  );
}

export function equalsInExpression(span: Span): Diagnostic {
  return error('L114', span, '`=` does not compare', 'write `==`');
}

export function assignment(name: string, span: Span): Diagnostic {
  return error('L114', span, 'a value is named with `let`', `write ${quote(`let ${name} = …`)}`);
}

/** `file` is undefined where a library of another language was meant. */
export function importForm(names: readonly string[], file: string | undefined, span: Span): Diagnostic {
  return error(
    'L120',
    span,
    'what is imported stands in braces: `import { name } from "std/name"`',
    file === undefined
      ? 'log, exp, sum and the other functions of the language need no import'
      : `write ${quote(`import { ${names.join(', ')} } from "${file}"`)}`,
  );
}

export function importAs(span: Span): Diagnostic {
  return error('L115', span, 'an import keeps its name: there is no `as`');
}

export function indexing(value: string, position: string, span: Span): Diagnostic {
  return error(
    'L116',
    span,
    `there is no indexing with brackets: write ${quote(`at(${value}, axis, ${position})`)}`,
  );
}

export function ternary(span: Span): Diagnostic {
  return error('L117', span, 'there is no `c ? a : b`: write `if c then a else b`');
}

export function valueIf(span: Span): Diagnostic {
  return error('L117', span, 'there is no `a if c else b`: write `if c then a else b`');
}

export function semicolon(isTest: boolean, span: Span): Diagnostic {
  return isTest
    ? error('L121', span, 'entries of a test are parted by `,` or a new line, not by `;`')
    : error('L121', span, 'a statement ends with its line, not with `;`', 'leave the `;` out');
}

export function colonInTest(name: string, meant: string, span: Span): Diagnostic {
  return error('L122', span, 'a test has no `:`', `write ${quote(`${name} ${meant} \u2026`)}`);
}

export function reassignment(name: string, operator: string, span: Span): Diagnostic {
  return error(
    'L123',
    span,
    `there is no ${quote(operator)}: a name keeps its value`,
    `give the new value a name: ${quote(`let ${name}2 = ${name} ${operator[0]!} \u2026`)}`,
  );
}

export function stringAsValue(name: string | undefined, span: Span): Diagnostic {
  return error(
    'L124',
    span,
    'a string is no value: all values are numbers',
    name === 'reduction'
      ? 'the reduction is an option of the compiled function, and of `lossc eval`: leave it out'
      : 'strings stand in imports alone; a choice is written as a number, or as two losses',
  );
}

export function method(name: string, span: Span): Diagnostic {
  const isLength = name === 'shape' || name === 'size';
  return error(
    'L125',
    span,
    'values have no methods and no parts',
    isLength
      ? 'the length of an axis is `size(axis)`'
      : `the function stands in front: ${quote(`${name}(\u2026)`)}`,
  );
}

export function bodyForm(found: string, keyword: string, span: Span): Diagnostic {
  return error(
    'L126',
    span,
    `the body of a ${quote(keyword)} follows \`=\`, and here is ${quote(found)}`,
    'write `\u2026) =`, then `let`s, one a line, and then the value; there are no braces, no `return` and no type of the result',
  );
}

export function holesOutsideSketch(span: Span): Diagnostic {
  return error(
    'L118',
    span,
    'only a sketch says what may fill its holes: begin with `sketch`, not `loss` or `fn`',
  );
}

export function sketchWithoutHoles(span: Span): Diagnostic {
  return error(
    'L119',
    span,
    'a sketch says what may fill its holes',
    'end it with `with operators + - * / leaves target, prediction`',
  );
}

export function moreDiagnostics(count: number, isExact: boolean, span: Span): Diagnostic {
  return error('L199', span, `and ${isExact ? '' : 'at least '}${count} more`);
}
