import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { areAlike } from '../words/suggest.js';
import { listed, message, type Place, quoted } from './message.js';

/** Diagnostics of axes, domains and sizes: L3xx. */

const axesAre = (axes: readonly string[]): string =>
  axes.length === 1 ? `the axis "${axes[0]}" is` : `the axes ${listed(axes)} are`;

/** Axes of almost the same name, of which one was likely meant. */
const twoAxes = (a: string, b: string): string => `"${a}" and "${b}" are two axes: did you mean one?`;

export const axisMissing = (p: Place, axis: string, has: readonly string[]): Diagnostic => {
  const alike = has.find((other) => areAlike(axis, other));
  const shown = has.length === 0 ? 'it has only the items' : `its axes are ${quoted(has)}`;
  return message(
    'axisMissing',
    p,
    `this value has no axis "${axis}"`,
    alike === undefined ? shown : twoAxes(alike, axis),
  );
};
/** `known` are the axes that the loss declares, `facing` those of data and of a prediction that stand at one place. */
export const axisLeft = (
  p: Place,
  axes: readonly string[],
  known: readonly string[],
  facing: readonly (readonly [string, string])[],
): Diagnostic => {
  const pairs = axes.flatMap((axis) => {
    const alike = known.find((other) => other !== axis && areAlike(axis, other));
    return alike === undefined ? [] : [twoAxes(axis, alike)];
  });
  const reduce = `reduce ${axes.length === 1 ? 'it' : 'them'}: sum(…, ${axes.join(', ')}) or mean(…, ${axes.join(', ')})`;
  const other = facing.find((pair) => pair.some((axis) => axes.includes(axis)));
  return message(
    'axisLeft',
    p,
    `a loss is one number per item, but ${axesAre(axes)} not reduced`,
    pairs[0] ?? (other === undefined ? reduce : `${twoAxes(...other)} If not, ${reduce}`),
  );
};
export const ownAxisLeft = (p: Place, callee: string, axes: readonly string[]): Diagnostic =>
  message(
    'ownAxisLeft',
    p,
    `"${callee}" makes ${axes.length === 1 ? 'an axis' : 'axes'} with rename, and ${axesAre(axes)} not reduced in its result`,
    `reduce ${axes.length === 1 ? 'it' : 'them'} here: sum(…, ${axes.join(', ')}) or mean(…, ${axes.join(', ')})`,
  );
export const axisTwice = (p: Place, axis: string): Diagnostic =>
  message('axisTwice', p, `the axis "${axis}" is named twice`);
export const axisTwiceInBrackets = (p: Place, axis: string): Diagnostic =>
  message(
    'axisTwiceInBrackets',
    p,
    `two axes may not both be called "${axis}"`,
    `use two names, such as [other, ${axis}]: an input declared with [other] matches the first, one with [${axis}] the second`,
  );
export const axisSizes = (p: Place, axis: string, a: number, b: number): Diagnostic =>
  message('axisSizes', p, `the axis "${axis}" has ${a} entries in one place and ${b} in another`);
export const indexNotInteger = (p: Place): Diagnostic =>
  message(
    'indexNotInteger',
    p,
    'a position has to be a whole number',
    'declare the input as `integer`, or use index(axis)',
  );
export const indexOfPrediction = (p: Place): Diagnostic =>
  message('indexOfPrediction', p, 'a position may not depend on a prediction: there would be no gradient');
export const noPrediction = (p: Place, name: string): Diagnostic =>
  message(
    'noPrediction',
    p,
    `the result of "${name}" does not depend on any prediction, so nothing could be learned from it`,
  );
/** `parameter` is one without a default, which may have been meant as the prediction. */
export const noPredictionInput = (
  p: Place,
  name: string,
  reasons: readonly string[],
  parameter: string | undefined,
): Diagnostic =>
  message(
    'noPredictionInput',
    p,
    `"${name}" has no prediction: every input is data, ${reasons.join('; ')}`,
    parameter === undefined
      ? 'call the output of the network prediction, with a domain such as real, logits, unit or probability'
      : `what follows \`;\` is a parameter: write \`,\` before \`${parameter}\``,
  );
export const noInputs = (p: Place, name: string): Diagnostic =>
  message(
    'noInputs',
    p,
    `"${name}" has no inputs, so there is no prediction to learn`,
    `write ${name}(target: real, prediction: real)`,
  );
export const tooManyAxes = (p: Place): Diagnostic =>
  message('tooManyAxes', p, 'a loss may have at most 29 axes besides the items');
export const renameOnto = (p: Place, axis: string): Diagnostic =>
  message(
    'renameOnto',
    p,
    `"${axis}" is already an axis of this value`,
    'choose another name for the second axis',
  );
export const renameToValue = (p: Place, name: string): Diagnostic =>
  message('renameToValue', p, `"${name}" is already the name of a value`);
/** `axis` is `first` itself, or a copy of it that a `rename` made. */
export const renameSizes = (p: Place, axis: string, first: string, second: string): Diagnostic =>
  axis === first
    ? message(
        'renameSizes',
        p,
        `"${axis}" is a separate axis with its own length, so it cannot be a copy of "${second}"`,
        `declare the value that it should match with [${axis}], not [${second}]; or rename to a new name`,
      )
    : message(
        'renameSizes',
        p,
        `"${axis}" is already a copy of "${first}" and cannot also be a copy of "${second}"`,
        'choose another name',
      );
export const defaultShape = (p: Place, name: string, reason: string): Diagnostic =>
  message('defaultShape', p, `the value of "${name}" does not fit: ${reason}`);
export const tooLarge = (p: Place, name: string): Diagnostic =>
  message('tooLarge', p, `"${name}" grows to more than 250,000 operations when its calls are written out`);
export const tooMuchWork = (p: Place, name: string): Diagnostic =>
  message(
    'tooMuchWork',
    p,
    `simplifying and differentiating "${name}" takes more than 1,000,000 operations`,
    'split it into several losses, or write long products and quotients in fewer steps',
  );
export const tooDeep = (p: Place): Diagnostic =>
  message('tooDeep', p, 'calls are nested more than 200 levels deep here');
export const expressionTooDeep = (p: Place): Diagnostic =>
  message(
    'expressionTooDeep',
    p,
    'expressions are nested more than 500 levels deep here, through calls',
    'name a part with `let` before it is passed on',
  );
export const whereNotReduction = (p: Place, name: string, hint: string): Diagnostic =>
  message('whereNotReduction', p, `"where" belongs to reductions, and "${name}" is not one`, hint);
export const predictionEquals = (p: Place): Diagnostic =>
  message(
    'predictionEquals',
    p,
    'a prediction compared for equality: almost never true, and without a gradient',
    'compare with <= or >=',
  );
export const restTwice = (p: Place): Diagnostic =>
  message('restTwice', p, '"..." may be written only once, first in the brackets');
export const parameterAxes = (p: Place): Diagnostic =>
  message(
    'parameterAxes',
    p,
    'the axes of a parameter are single axes',
    'parameters have no items: name each axis',
  );
export const manyTwice = (p: Place): Diagnostic =>
  message('manyTwice', p, 'only one axis can stand for several ("pixel..."), and not together with "..."');
export const outsideDomain = (p: Place, name: string, value: number, domain: string): Diagnostic =>
  message('outsideDomain', p, `the default of "${name}" is ${value}, outside its domain, ${domain}`);
export const notFinite = (p: Place, name: string): Diagnostic =>
  message('notFinite', p, `the default of "${name}" has to be a finite number`);
export const batchNamed = (p: Place): Diagnostic =>
  message(
    'batchNamed',
    p,
    '"batch" is the axis of the items, which comes before the axes in brackets',
    'leave it out: [class] takes a tensor of shape [batch, class]',
  );
export const axisLength = (p: Place, axis: string, size: number): Diagnostic =>
  message(
    'axisLength',
    p,
    `the axis "${axis}" cannot have ${size} entries`,
    'write a whole number from 1 to 2147483647',
  );
