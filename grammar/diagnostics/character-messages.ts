import type { Span } from '../tree/ast.js';
import { characterHint, invisibleName, isForeignName, latinOf } from './characters.js';
import type { Diagnostic } from './diagnostic.js';
import { error, quote } from './error.js';

/** L0xx: characters, numbers, strings and comments. */

export function unknownCharacter(text: string, span: Span): Diagnostic {
  if (isForeignName(text)) {
    const latin = latinOf(text);
    const letters = 'names are made of the letters a to z, digits and _';
    const hint = latin === undefined ? letters : `write ${quote(latin)}`;
    return error('unknownCharacter', span, `a name may not contain ${quote(text)}`, hint, latin);
  }
  const invisible = invisibleName(text);
  return invisible === undefined
    ? error('unknownCharacter', span, `unknown character ${quote(text)}`, characterHint(text))
    : error('unknownCharacter', span, `there is an invisible character here (${invisible})`, 'delete it', '');
}

export function primeInName(name: string, span: Span): Diagnostic {
  return error(
    'primeInName',
    span,
    `a name may not contain \`'\``,
    `for example ${quote(`${name}_prime`)}`,
    '_prime',
  );
}

export function numberTooLarge(span: Span): Diagnostic {
  return error('numberTooLarge', span, 'this number is too large: the largest is about 1.8e308');
}

export function numberTooSmall(span: Span): Diagnostic {
  return error(
    'numberTooSmall',
    span,
    'this number is so small that it rounds to 0',
    'write 0, or at least 5e-324',
  );
}

export function numberTooLong(length: number, limit: number, span: Span): Diagnostic {
  return error(
    'numberTooLong',
    span,
    `this number is ${length} characters long, but at most ${limit} are allowed`,
    'only about 17 digits are kept',
  );
}

export function malformedNumber(text: string, span: Span): Diagnostic {
  const plain = text.replaceAll('_', '');
  const what = `${quote(text)} is not a number`;
  if (/^\d*\.\.+\d*$/.test(text))
    return error('malformedNumber', span, what, 'an interval is `between(0, 1)`, and `unit` from 0 to 1');
  if (!/^\d+(?:_\d+)+$/.test(text)) return error('malformedNumber', span, what);
  const hint = `write ${quote(plain)}, without separators`;
  return error('malformedNumber', span, what, hint, plain);
}

export function missingTimes(number: string, name: string, span: Span): Diagnostic {
  const product = `${number} * ${name}`;
  return error(
    'missingTimes',
    span,
    `${quote(number + name)} is not a name`,
    `to multiply, write ${quote(product)}`,
    product,
  );
}

/** `|x|`, or `||x||` of a norm. */
export function barsAround(bar: string, value: string, span: Span): Diagnostic {
  const what = `there is no ${quote(`${bar}${value}${bar}`)}`;
  if (bar === '|') return error('barsAround', span, what, `write ${quote(`abs(${value})`)}`, `abs(${value})`);
  const call = quote(`norm(${value}, axis)`);
  return error('barsAround', span, what, `\`import { norm } from "std/math"\`, and write ${call}`);
}

export function factorial(span: Span): Diagnostic {
  return error(
    'factorial',
    span,
    'there is no factorial `!`',
    'write `exp(lgamma(x + 1))`, and for its logarithm `lgamma(x + 1)`',
  );
}

/** `x // 2`: what would be a quotient elsewhere is a comment here, and the value is another. */
export function commentAsDivisor(comment: string, span: Span): Diagnostic {
  return error(
    'commentAsDivisor',
    span,
    `${quote(comment)} is a comment, not a division`,
    'division is written `/`, floor division `floor(x / y)`; a comment may not be only a number',
  );
}

export function unclosedString(span: Span): Diagnostic {
  return error('unclosedString', span, 'this string is not closed', 'strings end with `"` on the same line');
}

export function singleQuotes(span: Span): Diagnostic {
  return error('singleQuotes', span, 'strings are written in straight double quotes', 'write `"\u2026"`');
}

export function backslashInString(span: Span): Diagnostic {
  return error('backslashInString', span, 'a string may not contain `\\`', 'paths are written with `/`');
}

export function hashComment(span: Span): Diagnostic {
  return error('hashComment', span, 'comments begin with `//`, not `#`', undefined, '//');
}

export function blockComment(closed: boolean, span: Span): Diagnostic {
  return closed
    ? error('blockComment', span, 'there are no block comments: begin each line with `//`')
    : error(
        'blockComment',
        span,
        'there are no block comments, and this one is not closed: begin each line with `//`',
      );
}
