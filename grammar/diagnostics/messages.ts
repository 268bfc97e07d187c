import type { Span } from '../tree/ast.js';
import { NOWHERE } from '../tree/span.js';
import type { Diagnostic } from './diagnostic.js';
import { error, quote } from './error.js';
import { methodHint } from './method-hints.js';

export * from './character-messages.js';

export function foreignOperator(text: string, meant: string, span: Span): Diagnostic {
  // `a&&b` would be one name without blanks.
  const instead = /^\w/.test(meant) ? ` ${meant} ` : meant;
  return error(
    'foreignOperator',
    span,
    `there is no ${quote(text)}: write ${quote(meant)}`,
    undefined,
    instead,
  );
}

export function reservedWord(word: string, span: Span): Diagnostic {
  return error(
    'reservedWord',
    span,
    `${quote(word)} is a reserved word and cannot be a name`,
    `for example ${quote(`${word}_`)}`,
    `${word}_`,
  );
}

export function bracketNotClosed(bracket: string, span: Span): Diagnostic {
  return error('bracketNotClosed', span, `this ${quote(bracket)} is never closed`);
}

export function bracketClosesNothing(bracket: string, span: Span): Diagnostic {
  return error('bracketClosesNothing', span, `this ${quote(bracket)} has no opening bracket`);
}

export function bracketMismatch(open: string, close: string, openSpan: Span, span: Span): Diagnostic {
  return {
    ...error('bracketMismatch', span, `this ${quote(close)} closes a ${quote(open)}`),
    notes: [{ message: 'opened here', span: openSpan }],
  };
}

export function fileTooLarge(length: number, limit: number): Diagnostic {
  const size = (n: number): string => `${(n / 1e6).toFixed(1)} MB`;
  return error(
    'fileTooLarge',
    NOWHERE,
    `the file is ${size(length)} large, but at most ${size(limit)} are allowed`,
  );
}

export function nestedTooDeep(limit: number, span: Span): Diagnostic {
  return error(
    'nestedTooDeep',
    span,
    `brackets, \`then\`, signs and \`^\` may be nested at most ${limit} levels deep`,
    'name a part with `let`',
  );
}

// Parsing

export function unexpected(expected: string, found: string, span: Span, hint?: string): Diagnostic {
  return error('unexpected', span, `expected ${expected}, found ${found}`, hint);
}

export function outsideDeclaration(found: string, span: Span, hint?: string): Diagnostic {
  const parts = 'a file is made of `import`, `loss`, `fn`, `sketch` and `test`';
  return error('outsideDeclaration', span, `${found} is outside any declaration`, hint ?? parts);
}

export function trailingComma(closer: string, span: Span): Diagnostic {
  return error(
    'trailingComma',
    span,
    `there is nothing between this comma and ${closer}`,
    'leave the comma out',
    '',
  );
}

export function unaryPlus(span: Span): Diagnostic {
  return error('unaryPlus', span, 'a value cannot have a plus sign before it', 'leave the `+` out', '');
}

export function commaBeforeParameter(name: string, separator: string | undefined, span: Span): Diagnostic {
  return separator === undefined
    ? error(
        'commaBeforeParameter',
        span,
        `${quote(name)} has a default, so it is a parameter: parameters follow \`;\``,
      )
    : error(
        'commaBeforeParameter',
        span,
        `${quote(separator)} before a parameter: parameters follow \`;\``,
        'write `;` instead',
        ';',
      );
}

export function lineStartsWithMinus(span: Span): Diagnostic {
  return error(
    'lineStartsWithMinus',
    span,
    'this line begins with `-`, so it is a new statement',
    'to continue with a minus, put it at the end of the previous line',
  );
}

export function unusedStatement(span: Span): Diagnostic {
  return error(
    'unusedStatement',
    span,
    'this value is not used: a body is any number of `let`s and then one expression',
    'a line continues if it ends with an operator or the next one begins with `+`, `*`, `/` or `^`',
  );
}

export function bodyWithoutResult(span: Span): Diagnostic {
  return error('bodyWithoutResult', span, 'after its `let`s, a body needs an expression: its value');
}

export function chainedComparison(span: Span): Diagnostic {
  return error('chainedComparison', span, 'comparisons cannot be chained: write `a < b and b < c`');
}

export function notNeedsParentheses(span: Span): Diagnostic {
  return error(
    'notNeedsParentheses',
    span,
    '`not` binds less tightly than the operator before it',
    'put `(not …)` in parentheses',
  );
}

export function whereCall(span: Span): Diagnostic {
  return error('whereCall', span, '`where(c, a, b)`: write `if c then a else b`');
}

export function positionalAfterNamed(name: string, span: Span): Diagnostic {
  return error(
    'positionalAfterNamed',
    span,
    `this argument has no name but follows ${quote(`${name} = …`)}`,
    'named arguments come last',
  );
}

export function missingThen(found: string, span: Span): Diagnostic {
  return error(
    'missingThen',
    span,
    `expected \`then\` after the condition, found ${found}`,
    'write `if condition then value else value`',
  );
}

export function missingElse(found: string, span: Span, isElseIf: boolean): Diagnostic {
  return error(
    'missingElse',
    span,
    `expected \`else\`, found ${found}`,
    isElseIf ? 'write `else if`' : 'an `if` is a value, so it needs both: `if c then a else b`',
  );
}

export function equalsInExpression(span: Span): Diagnostic {
  return error('equalsInExpression', span, '`=` does not compare', 'write `==`', '==');
}

export function assignment(name: string, span: Span): Diagnostic {
  return error('assignment', span, 'a value is named with `let`', `write ${quote(`let ${name} = …`)}`);
}

/** `file` is undefined where a library of another language was meant. */
export function importForm(names: readonly string[], file: string | undefined, span: Span): Diagnostic {
  return error(
    'importForm',
    span,
    'imported names are written in braces: `import { name } from "std/name"`',
    file === undefined
      ? 'log, exp, sum and the other functions of the language need no import'
      : `write ${quote(`import { ${names.join(', ')} } from "${file}"`)}`,
  );
}

export function importAs(span: Span): Diagnostic {
  return error('importAs', span, 'an import cannot be renamed: there is no `as`');
}

/** `x[position]`, or `max[axis](x)` where a function stands in front of the brackets and is called behind them. */
export function indexing(value: string, position: string, isCalled: boolean, span: Span): Diagnostic {
  const said = isCalled
    ? `axes are not written in brackets after a function: write ${quote(`${value}(\u2026, ${position})`)}`
    : `there is no indexing with brackets: write ${quote(`at(${value}, axis, ${position})`)}`;
  const mayBeAxis = !isCalled && [value, position].every((text) => /^[a-z_]\w*$/i.test(text));
  return error(
    'indexing',
    span,
    said,
    mayBeAxis ? `if ${position} is an axis, write ${quote(value)}` : undefined,
  );
}

export function ternary(span: Span): Diagnostic {
  return error('ternary', span, 'there is no `c ? a : b`: write `if c then a else b`');
}

export function valueIf(span: Span): Diagnostic {
  return error('valueIf', span, 'there is no `a if c else b`: write `if c then a else b`');
}

export function semicolon(isTest: boolean, span: Span): Diagnostic {
  return isTest
    ? error('semicolon', span, 'entries of a test are separated by `,` or a new line, not by `;`')
    : error(
        'semicolon',
        span,
        'a statement ends at the end of its line, not with `;`',
        'leave the `;` out',
        '',
      );
}

export function colonInTest(name: string, meant: string, span: Span): Diagnostic {
  return error('colonInTest', span, 'a test has no `:`', `write ${quote(`${name} ${meant} \u2026`)}`);
}

export function reassignment(name: string, operator: string, span: Span): Diagnostic {
  return error(
    'reassignment',
    span,
    `there is no ${quote(operator)}: a name cannot be assigned again`,
    `name the new value: ${quote(`let ${name}2 = ${name} ${operator[0]!} \u2026`)}`,
  );
}

/** `name` is what was to be given the string, `axis` what may have been meant as an axis. */
export function stringAsValue(name: string | undefined, axis: string | undefined, span: Span): Diagnostic {
  return error(
    'stringAsValue',
    span,
    'a string is not a value: all values are numbers',
    axis !== undefined
      ? `write the name of an axis without quotes: ${quote(axis)}`
      : name === 'reduction'
        ? 'the reduction is an option of the compiled function, and of `lossc eval`: leave it out'
        : 'strings occur only in imports; write a choice as a number, or as two losses',
  );
}

export function method(name: string, span: Span): Diagnostic {
  return error(
    'method',
    span,
    'values have no methods and no attributes',
    methodHint(name) ?? `write it as a function: ${quote(`${name}(\u2026)`)}`,
  );
}

export function bodyForm(found: string, keyword: string, span: Span): Diagnostic {
  return error(
    'bodyForm',
    span,
    `the body of a ${quote(keyword)} follows \`=\`, not ${quote(found)}`,
    'write `\u2026) =`, then `let`s, one per line, and then the value; without braces, `return` or a result type',
  );
}

export function holesOutsideSketch(span: Span): Diagnostic {
  return error(
    'holesOutsideSketch',
    span,
    'only a sketch has a `with` clause: begin with `sketch`, not `loss` or `fn`',
  );
}

export function sketchWithoutHoles(span: Span): Diagnostic {
  return error(
    'sketchWithoutHoles',
    span,
    'a sketch has to say what may fill its holes',
    'end it with `with operators + - * / leaves target, prediction`',
  );
}

export function moreDiagnostics(count: number, isExact: boolean, span: Span): Diagnostic {
  return error('moreDiagnostics', span, `and ${isExact ? '' : 'at least '}${count} more`);
}
