import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { type Cure, listed, meantAt, message, type Place, quoted } from './message.js';

/** Diagnostics of names, calls and arguments: L2xx. */

type Hint = string | Cure;

export const unknownName = (p: Place, name: string, hint: Hint | undefined): Diagnostic =>
  message('unknownName', p, `unknown name "${name}"`, hint);
export const unknownFunction = (p: Place, name: string, hint: Hint | undefined): Diagnostic =>
  message('unknownFunction', p, `unknown function "${name}"`, hint);
export const functionAsValue = (p: Place, name: string, usage: string): Diagnostic =>
  message('functionAsValue', p, `"${name}" is a function, not a value`, `write ${usage}`);
export const valueAsFunction = (p: Place, name: string): Diagnostic =>
  message('valueAsFunction', p, `"${name}" is a value, not a function`, `to multiply, write ${name} * (…)`);
export const dottedName = (p: Place, name: string, hint: Hint): Diagnostic =>
  message('dottedName', p, `"${name}": there are no modules and no methods`, hint);
export const nothingDeclared = (p: Place): Diagnostic =>
  message(
    'nothingDeclared',
    p,
    'there is nothing in this file',
    'begin with a loss, such as `loss mae(target: real, prediction: real) = abs(prediction - target)`',
  );
export const wrongArity = (
  p: Place,
  name: string,
  wanted: string,
  given: number,
  usage: string,
): Diagnostic =>
  message(
    'wrongArity',
    p,
    `"${name}" takes ${wanted}, and ${given === 0 ? 'none is' : given === 1 ? '1 is' : `${given} are`} given`,
    `write ${usage}`,
  );
export const reducesNothing = (p: Place, name: string, hint: string): Diagnostic =>
  message('reducesNothing', p, `"${name}" needs the name of an axis to reduce`, hint);
export const definedTwice = (p: Place, name: string, what: string): Diagnostic =>
  message(
    'definedTwice',
    p,
    `"${name}" is already ${what}`,
    'inputs, parameters, lets and axes share one set of names: choose another',
  );
export const recursion = (p: Place, chain: readonly string[]): Diagnostic =>
  message('recursion', p, `circular calls: ${chain.join(' -> ')}`);
export const axisAsValue = (p: Place, name: string): Diagnostic =>
  message(
    'axisAsValue',
    p,
    `"${name}" is an axis, not a value`,
    `write index(${name}) for positions or size(${name}) for its length`,
  );
export const conditionAsNumber = (p: Place): Diagnostic =>
  message('conditionAsNumber', p, 'a condition is not a number', 'write `if … then 1 else 0`');
export const numberAsCondition = (p: Place): Diagnostic =>
  message(
    'numberAsCondition',
    p,
    'this needs a condition, such as a comparison',
    'write `… != 0` or `… > 0`',
  );
export const unknownDomain = (p: Place, name: string, hint: Hint | undefined): Diagnostic =>
  message('unknownDomain', p, `unknown domain "${name}"`, hint);
export const domainBounds = (p: Place, name: string, wants: boolean): Diagnostic =>
  message(
    'domainBounds',
    p,
    wants ? `"${name}" needs bounds` : `"${name}" takes no bounds`,
    wants ? `for example ${name}(-1, 1)` : 'write between(a, b): real numbers from a to b',
  );
export const badBounds = (p: Place, low: number, high: number): Diagnostic =>
  message(
    'badBounds',
    p,
    `bounds are two finite numbers, the smaller first, and these are ${low} and ${high}`,
    low > high ? `write between(${high}, ${low})` : undefined,
  );
export const domainNeedsAxis = (p: Place, name: string): Diagnostic =>
  message(
    'domainNeedsAxis',
    p,
    `"${name}" sums to 1 along an axis, and none is named`,
    `write ${name}[class]`,
  );
export const overWithoutSimplex = (p: Place, name: string): Diagnostic =>
  message(
    'overWithoutSimplex',
    p,
    `"${name}" takes no \`over\`: its values do not sum to 1 along an axis`,
    '`over` belongs to `probability` and `onehot`',
  );
export const overUnknownAxis = (p: Place, name: string, axis: string, has: readonly string[]): Diagnostic =>
  message(
    'overUnknownAxis',
    p,
    `"${axis}" is not an axis of this "${name}"`,
    has.length === 0 ? undefined : `its axes are ${quoted(has)}`,
  );
export const unused = (p: Place, what: string, name: string): Diagnostic =>
  message('unused', p, `${what} "${name}" is never used`);
export const namedArgument = (
  p: Place,
  callee: string,
  name: string,
  known: readonly string[],
  close: readonly string[],
): Diagnostic =>
  message(
    'namedArgument',
    p,
    `"${callee}" has no parameter or axis "${name}"`,
    meantAt(p, close) ?? (known.length === 0 ? 'it has no parameters' : `it has ${quoted(known)}`),
  );
export const namedInput = (p: Place, callee: string, name: string, usage: string): Diagnostic =>
  message(
    'namedInput',
    p,
    `"${name}" is an input of "${callee}", and inputs are passed by position`,
    `write ${usage}`,
  );
export const namedToFunction = (p: Place, callee: string, usage: string): Diagnostic =>
  message('namedToFunction', p, `"${callee}" takes its arguments by position`, `write ${usage}`);
export const parameterTwice = (p: Place, name: string): Diagnostic =>
  message('parameterTwice', p, `"${name}" is given twice`);
export const parameterMissing = (p: Place, callee: string, name: string): Diagnostic =>
  message(
    'parameterMissing',
    p,
    `"${callee}" needs its parameter "${name}"`,
    `write ${name} = …: it has no default`,
  );
/** `what` has the name already: a function of the language, or what the note of the place points at. */
export const declaredTwice = (p: Place, name: string, what: string): Diagnostic =>
  message(
    'declaredTwice',
    p,
    `"${name}" is already the name of ${what}`,
    'functions, losses and sketches share one set of names',
  );
/** `axes` are those that the value has, where that is known. */
export const axisExpected = (p: Place, callee: string, axes: readonly string[]): Diagnostic =>
  message(
    'axisExpected',
    p,
    `"${callee}" needs the name of an axis here`,
    axes.length === 0 ? undefined : `axes have names, not numbers: here ${listed(axes)}`,
  );
export const axisOption = (p: Place, callee: string, option: string, axes: readonly string[]): Diagnostic =>
  message(
    'axisOption',
    p,
    `"${callee}" has no option "${option}": write only the name of the axis`,
    `write ${callee}(${axes.length === 0 ? 'e, axis' : `…, ${axes.join(', ')}`})`,
  );
export const notConstant = (p: Place): Diagnostic => message('notConstant', p, 'this has to be a constant');
export const holeOutsideSketch = (p: Place): Diagnostic =>
  message(
    'holeOutsideSketch',
    p,
    '"?" stands for an expression to be searched for, so it belongs in a sketch',
    'write `sketch` instead of `loss`, with operators and leaves',
  );
export const sketchCalled = (p: Place, name: string): Diagnostic =>
  message('sketchCalled', p, `"${name}" is a sketch: it has no value until its holes are filled`);
