import type { Span } from '../grammar/ast.js';
import type { Diagnostic, Note, Source } from '../grammar/diagnostic.js';

/**
 * Every diagnostic of the checker, one function each, so that wording lives in one place.
 * L2xx names and arity, L3xx axes and domains, L4xx tests and sketches, L5xx imports.
 */

/** Where a message points: a span, and the file when it is not the one being compiled. */
export interface Place {
  readonly span: Span;
  readonly source: Source;
  readonly notes?: readonly Note[];
}

function make(
  code: string,
  place: Place,
  message: string,
  hint?: string,
  severity: Diagnostic['severity'] = 'error',
): Diagnostic {
  return {
    code,
    severity,
    message,
    span: place.span,
    source: place.source,
    ...(hint !== undefined && { hint }),
    ...(place.notes !== undefined && place.notes.length > 0 && { notes: place.notes }),
  };
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');
const didYouMean = (close: readonly string[]): string | undefined =>
  close.length === 0 ? undefined : `did you mean ${close.map((name) => `"${name}"`).join(' or ')}?`;

// ---------------------------------------------------------------- names

export const unknownName = (p: Place, name: string, close: readonly string[]): Diagnostic =>
  make('L201', p, `unknown name "${name}"`, didYouMean(close));
export const unknownFunction = (
  p: Place,
  name: string,
  close: readonly string[],
  hint?: string,
): Diagnostic => make('L202', p, `unknown function "${name}"`, hint ?? didYouMean(close));
export const wrongArity = (p: Place, name: string, wanted: string, given: number): Diagnostic =>
  make('L203', p, `"${name}" takes ${wanted}, not ${given}`);
export const definedTwice = (p: Place, name: string, what: string): Diagnostic =>
  make(
    'L204',
    p,
    `"${name}" is already ${what}`,
    'names of inputs, parameters, lets and axes are one set: choose another',
  );
export const recursion = (p: Place, chain: readonly string[]): Diagnostic =>
  make('L205', p, `calls may not go in circles: ${chain.join(' -> ')}`);
export const axisAsValue = (p: Place, name: string): Diagnostic =>
  make(
    'L206',
    p,
    `"${name}" is an axis, not a value`,
    `write index(${name}) for positions or size(${name}) for its length`,
  );
export const conditionAsNumber = (p: Place): Diagnostic =>
  make('L207', p, 'a condition is not a number', 'write `if … then 1 else 0`');
export const numberAsCondition = (p: Place): Diagnostic =>
  make('L208', p, 'this needs a condition, such as a comparison', 'write `… != 0` or `… > 0`');
export const unknownDomain = (p: Place, name: string, close: readonly string[]): Diagnostic =>
  make('L209', p, `unknown domain "${name}"`, didYouMean(close));
export const domainBounds = (p: Place, name: string, wants: boolean): Diagnostic =>
  make(
    'L210',
    p,
    wants ? `"${name}" needs bounds` : `"${name}" takes no bounds`,
    wants ? `write ${name}(-1, 1)` : 'write between(a, b)',
  );
export const badBounds = (p: Place): Diagnostic =>
  make('L210', p, 'bounds are two constants, the smaller first');
export const domainNeedsAxis = (p: Place, name: string): Diagnostic =>
  make('L210', p, `"${name}" adds up along an axis, and none is named`, `write ${name}[class]`);
export const unused = (p: Place, what: string, name: string): Diagnostic =>
  make('L211', p, `${what} "${name}" is never used`, undefined, 'warning');
export const namedArgument = (p: Place, callee: string, name: string, known: readonly string[]): Diagnostic =>
  make(
    'L212',
    p,
    `"${callee}" has no parameter or axis "${name}"`,
    known.length === 0 ? undefined : `it has ${quoted(known)}`,
  );
export const namedToFunction = (p: Place, callee: string): Diagnostic =>
  make('L212', p, `"${callee}" takes its arguments by position`);
export const parameterTwice = (p: Place, name: string): Diagnostic =>
  make('L212', p, `"${name}" is given twice`);
export const parameterMissing = (p: Place, callee: string, name: string): Diagnostic =>
  make('L213', p, `"${callee}" needs its parameter "${name}"`, `write ${name} = …: it has no default`);
export const declaredTwice = (p: Place, name: string): Diagnostic =>
  make('L214', p, `"${name}" is already the name of a function, loss or sketch`);
export const axisExpected = (p: Place, callee: string): Diagnostic =>
  make('L215', p, `"${callee}" needs the name of an axis here`);
export const notConstant = (p: Place): Diagnostic => make('L216', p, 'this has to be a constant');
export const holeOutsideSketch = (p: Place): Diagnostic =>
  make(
    'L217',
    p,
    '"?" stands for an expression to be found, so it belongs in a sketch',
    'write `sketch` instead of `loss`, with operators and leaves',
  );
export const sketchCalled = (p: Place, name: string): Diagnostic =>
  make('L218', p, `"${name}" is a sketch: it has no value until its holes are filled`);

// ---------------------------------------------------------------- axes and domains

export const axisMissing = (p: Place, axis: string, has: readonly string[]): Diagnostic =>
  make(
    'L301',
    p,
    `this value has no axis "${axis}"`,
    has.length === 0 ? 'it has only the items' : `its axes are ${quoted(has)}`,
  );
export const axisLeft = (p: Place, axes: readonly string[]): Diagnostic =>
  make(
    'L302',
    p,
    `a loss is one number per item, but the axis ${quoted(axes)} is left`,
    `reduce it: sum(…, ${axes.join(', ')}) or mean(…, ${axes.join(', ')})`,
  );
export const axisTwice = (p: Place, axis: string): Diagnostic =>
  make('L303', p, `the axis "${axis}" is named twice`);
export const axisSizes = (p: Place, axis: string, a: number, b: number): Diagnostic =>
  make('L304', p, `the axis "${axis}" has ${a} entries in one place and ${b} in another`);
export const indexNotInteger = (p: Place): Diagnostic =>
  make(
    'L305',
    p,
    'a position has to be a whole number',
    'declare the input as `integer`, or use index(axis)',
  );
export const indexOfPrediction = (p: Place): Diagnostic =>
  make('L307', p, 'a position may not depend on a prediction: it would have no gradient');
export const noPrediction = (p: Place, name: string): Diagnostic =>
  make(
    'L306',
    p,
    `the result of "${name}" does not depend on any prediction, so nothing could be learned from it`,
  );
export const noPredictionInput = (p: Place, name: string): Diagnostic =>
  make('L306', p, `"${name}" has no prediction: every input is data`);
export const tooManyAxes = (p: Place): Diagnostic => make('L308', p, 'a loss may have at most 30 axes');
export const renameOnto = (p: Place, axis: string): Diagnostic =>
  make('L309', p, `"${axis}" is already an axis of this value`, 'choose another name for the second axis');
export const renameToValue = (p: Place, name: string): Diagnostic =>
  make('L309', p, `"${name}" is already the name of a value`);
export const renameSizes = (p: Place, axis: string, first: string, second: string): Diagnostic =>
  make('L309', p, `"${axis}" is a copy of "${first}" and cannot also be one of "${second}"`);
export const defaultShape = (p: Place, name: string, reason: string): Diagnostic =>
  make('L310', p, `the value of "${name}" does not fit: ${reason}`);
export const tooLarge = (p: Place, name: string): Diagnostic =>
  make('L311', p, `"${name}" grows to more than 500,000 operations when its calls are written out`);
export const tooDeep = (p: Place): Diagnostic => make('L312', p, 'calls nest more than 200 deep here');
export const whereNotReduction = (p: Place, name: string): Diagnostic =>
  make('L313', p, `"where" belongs to reductions, and "${name}" is not one`, 'write `if … then … else …`');
export const predictionEquals = (p: Place): Diagnostic =>
  make(
    'L314',
    p,
    'a prediction compared for equality: almost never true, and without a gradient',
    'compare with <= or >=',
    'warning',
  );
export const restTwice = (p: Place): Diagnostic =>
  make('L315', p, '"..." stands first in the brackets, once');
export const parameterAxes = (p: Place): Diagnostic =>
  make('L316', p, 'the axes of a parameter are single axes', 'parameters have no items: name each axis');
export const manyTwice = (p: Place): Diagnostic =>
  make('L317', p, 'only one axis can stand for several ("pixel..."), and not together with "..."');
export const outsideDomain = (p: Place, name: string, domain: string): Diagnostic =>
  make('L318', p, `the default of "${name}" is outside its domain, ${domain}`);

// ---------------------------------------------------------------- tests and sketches

export const testUnknownLoss = (p: Place, name: string, close: readonly string[]): Diagnostic =>
  make('L401', p, `there is no loss "${name}" in this file to test`, didYouMean(close));
export const testUnknownName = (p: Place, name: string, known: readonly string[]): Diagnostic =>
  make('L402', p, `the loss has no input or parameter "${name}"`, `it has ${quoted(known)}`);
export const testSubject = (p: Place, subject: string): Diagnostic =>
  make('L403', p, `"${subject}" cannot be compared`, 'write `value ~ …` or `gradient NAME ~ …`');
export const testMissing = (p: Place, name: string): Diagnostic =>
  make('L404', p, `the test gives no value for the input "${name}"`);
export const testNothing = (p: Place): Diagnostic =>
  make('L405', p, 'the test compares nothing', 'add `value ~ …`');
export const testAmbiguous = (p: Place, known: readonly string[]): Diagnostic =>
  make(
    'L406',
    p,
    'which gradient? The loss has several predictions',
    `write gradient NAME, with one of ${quoted(known)}`,
  );
export const sketchWithoutHole = (p: Place, name: string): Diagnostic =>
  make('L411', p, `the sketch "${name}" has no hole`, 'write ? where an expression is to be found');
export const sketchOperator = (p: Place, name: string): Diagnostic =>
  make(
    'L412',
    p,
    `"${name}" cannot be an operator of a sketch`,
    'use + - * / ^, an element-by-element function or an fn',
  );
export const sketchLeaf = (p: Place, name: string): Diagnostic =>
  make(
    'L413',
    p,
    `"${name}" cannot be a leaf: it is neither an input, a parameter nor a domain of constants`,
  );

// ---------------------------------------------------------------- imports

export const importNotFound = (p: Place, from: string, reason: string): Diagnostic =>
  make('L501', p, `cannot import from "${from}": ${reason}`);
export const importCycle = (p: Place, chain: readonly string[]): Diagnostic =>
  make('L502', p, `imports may not go in circles: ${chain.join(' -> ')}`);
export const importMissing = (p: Place, name: string, from: string, close: readonly string[]): Diagnostic =>
  make('L503', p, `"${from}" has no fn or loss "${name}"`, didYouMean(close));
export const importDepth = (p: Place): Diagnostic =>
  make('L504', p, 'a program may have at most 1,000 files');
