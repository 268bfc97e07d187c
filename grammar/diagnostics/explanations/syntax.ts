import type { SYNTAX_CODES } from '../codes/syntax.js';
import type { Explanation } from './explanation.js';

export const SYNTAX_EXPLANATIONS: { readonly [K in keyof typeof SYNTAX_CODES]: Explanation } = {
  unexpected: {
    title: 'a syntax error for which there is no more specific message',
    help: 'replace it by what was expected',
    see: 'files-and-declarations',
  },
  outsideDeclaration: {
    title: 'text outside any declaration',
    help: 'begin with `import`, `loss`, `fn`, `sketch` or `test`, or make it a comment',
    see: 'files-and-declarations',
  },
  trailingComma: { title: 'a comma with nothing after it', help: 'leave it out', see: 'expressions' },
  unaryPlus: { title: 'a plus sign before a value', help: 'leave it out', see: 'expressions' },
  commaBeforeParameter: { title: 'a parameter among the inputs', help: 'parameters follow `;`', see: 'loss' },
  lineStartsWithMinus: {
    title: 'a line that begins with `-` and looks like a continuation',
    help: 'to continue with a minus, put it at the end of the previous line',
    see: 'lines',
  },
  unusedStatement: {
    title: 'a value in a body that is neither named nor the last',
    help: 'name it with `let`, or end its line with the operator that continues it',
    see: 'lines',
  },
  bodyWithoutResult: {
    title: 'a body that ends with a `let`',
    help: 'end it with an expression, which is its value',
    see: 'lines',
  },
  chainedComparison: { title: 'chained comparisons', help: 'write `a < b and b < c`', see: 'expressions' },
  notNeedsParentheses: {
    title: '`not` after an operator that binds tighter',
    help: 'put `(not …)` in parentheses',
    see: 'expressions',
  },
  whereCall: {
    title: '`where(c, a, b)` instead of `if`',
    help: 'write `if c then a else b`',
    see: 'expressions',
  },
  positionalAfterNamed: {
    title: 'a positional argument after a named one',
    help: 'named arguments come last',
    see: 'calls',
  },
  missingThen: { title: 'an `if` without `then`', help: 'write `if c then a else b`', see: 'expressions' },
  missingElse: {
    title: 'an `if` without `else`',
    help: 'an `if` is a value, so it needs both: `if c then a else b`',
    see: 'expressions',
  },
  equalsInExpression: { title: '`=` used to compare', help: 'write `==`', see: 'expressions' },
  assignment: { title: '`=` used to name a value, without `let`', help: 'write `let x = …`', see: 'lines' },
  importAs: { title: '`as` in an import', help: 'an import cannot be renamed', see: 'import' },
  indexing: { title: 'indexing with brackets', help: 'write `at(value, axis, position)`', see: 'reductions' },
  ternary: { title: '`c ? a : b` instead of `if`', help: 'write `if c then a else b`', see: 'expressions' },
  valueIf: {
    title: '`a if c else b` instead of `if`',
    help: 'write `if c then a else b`',
    see: 'expressions',
  },
  holesOutsideSketch: {
    title: '`with operators` outside a sketch',
    help: 'begin with `sketch`, not `loss` or `fn`',
    see: 'sketch',
  },
  sketchWithoutHoles: {
    title: 'a sketch without `with operators`',
    help: 'end it with `with operators + - * / leaves target, prediction`',
    see: 'sketch',
  },
  importForm: {
    title: 'an import that is not `import { name } from "file"`',
    help: 'write `import { name } from "std/name"`',
    see: 'import',
  },
  semicolon: {
    title: '`;` at the end of a statement, or between the entries of a test',
    help: 'leave it out: a statement ends at the end of its line',
    see: 'lines',
  },
  colonInTest: {
    title: '`:` in a test instead of `=` or `~`',
    help: 'values are set with `=` and compared with `~`',
    see: 'test',
  },
  reassignment: {
    title: '`+=` and similar operators',
    help: 'a name cannot be assigned again: name the new value with `let`',
    see: 'lines',
  },
  stringAsValue: {
    title: 'a string as a value',
    help: 'all values are numbers: write a choice as a number, or as two losses',
    see: 'words-numbers-comments',
  },
  method: {
    title: 'a method or an attribute of a value',
    help: 'write it as a function, such as `log(x)`; the length of an axis is `size(axis)`',
    see: 'calls',
  },
  bodyForm: {
    title: 'a body after `{`, `:` or `->` instead of `=`',
    help: 'write `…) =` and then the `let`s and the value, without braces and `return`',
    see: 'loss',
  },
  moreDiagnostics: {
    title: 'the number of diagnostics that are not shown',
    help: 'fix those that are shown first: others may follow from them',
    see: 'diagnostics',
  },
};
