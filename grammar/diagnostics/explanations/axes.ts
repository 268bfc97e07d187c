import type { AXIS_CODES } from '../codes/axes.js';
import type { Explanation } from './explanation.js';

export const AXIS_EXPLANATIONS: { readonly [K in keyof typeof AXIS_CODES]: Explanation } = {
  axisMissing: {
    title: 'an axis that the value does not have',
    help: 'name one of its axes, or declare the input with this one',
    see: 'axes',
  },
  axisLeft: {
    title: 'an axis that remains in the result of a loss',
    help: 'reduce it: `sum(…, axis)` or `mean(…, axis)`',
    see: 'axes',
  },
  ownAxisLeft: {
    title: 'an axis that an `fn` makes with `rename` and does not reduce',
    help: 'reduce it in the `fn`',
    see: 'axes',
  },
  axisTwice: { title: 'an axis that is named twice in a reduction', help: 'name it once', see: 'reductions' },
  axisTwiceInBrackets: {
    title: 'two axes of the same name in brackets',
    help: 'give them two names, such as `[other, class]`',
    see: 'axes',
  },
  axisSizes: {
    title: 'an axis with two different sizes',
    help: 'write the same size in both places, or leave one out',
    see: 'axes',
  },
  indexNotInteger: {
    title: 'a position that is not a whole number',
    help: 'declare the input as `integer`, or use `index(axis)`',
    see: 'reductions',
  },
  indexOfPrediction: {
    title: 'a position that depends on a prediction',
    help: 'there would be no gradient: take the position from a target',
    see: 'reductions',
  },
  noPredictionInput: {
    title: 'a loss whose inputs are all data',
    help: 'call the output of the network `prediction`, with a domain such as `real`, `logits` or `probability`',
    see: 'roles-and-parameters',
  },
  noPrediction: {
    title: 'a loss whose result does not depend on a prediction',
    help: 'nothing could be learned from it: use the prediction',
    see: 'roles-and-parameters',
  },
  noInputs: {
    title: 'a loss without inputs',
    help: 'write `name(target: real, prediction: real)`',
    see: 'loss',
  },
  tooManyAxes: {
    title: 'more than 29 axes besides `batch`',
    help: 'let one axis stand for several: `pixel...`',
    see: 'limits',
  },
  renameOnto: {
    title: 'a `rename` to an axis that the value already has',
    help: 'choose another name for the second axis',
    see: 'axes',
  },
  renameToValue: {
    title: 'a `rename` to the name of a value',
    help: 'choose another name for the axis',
    see: 'axes',
  },
  renameSizes: { title: 'a `rename` to an axis of another length', help: 'choose a new name', see: 'axes' },
  defaultShape: {
    title: 'a default of the wrong shape',
    help: 'write one number, or lists as long as the axes',
    see: 'roles-and-parameters',
  },
  tooLarge: {
    title: 'a loss of more than 250,000 operations',
    help: 'split it into several losses',
    see: 'limits',
  },
  tooMuchWork: {
    title: 'a loss whose derivative takes more than 1,000,000 operations',
    help: 'split it into several losses, or write long products and quotients in fewer steps',
    see: 'limits',
  },
  tooDeep: { title: 'calls that nest too deeply', help: 'write some of them out', see: 'limits' },
  expressionTooDeep: {
    title: 'expressions in calls that nest too deeply',
    help: 'name a part with `let` before it is passed on',
    see: 'limits',
  },
  whereNotReduction: {
    title: '`where` in something that is not a reduction',
    help: 'write `if c then a else b`',
    see: 'reductions',
  },
  predictionEquals: {
    title: 'a prediction compared with `==` or `!=`',
    help: 'compare with `<=` or `>=`',
    see: 'operators',
  },
  restTwice: {
    title: '`...` that does not come first',
    help: 'write it once, first in the brackets',
    see: 'axes',
  },
  parameterAxes: {
    title: '`...` or `pixel...` in a parameter',
    help: 'parameters have no items: name each axis',
    see: 'roles-and-parameters',
  },
  manyTwice: {
    title: 'two axes that stand for several axes',
    help: 'only one can: name the axes of the other',
    see: 'axes',
  },
  outsideDomain: {
    title: 'a default that is outside its domain',
    help: 'write a number inside, or declare a wider domain',
    see: 'roles-and-parameters',
  },
  notFinite: {
    title: 'a default that is not finite',
    help: 'write a finite number',
    see: 'roles-and-parameters',
  },
  axisLength: {
    title: 'an axis whose size is not a whole number from 1 to 2147483647',
    help: 'write such a number',
    see: 'axes',
  },
  batchNamed: {
    title: '`batch` among the axes in brackets',
    help: 'leave it out: `[class]` takes a tensor of shape `[batch, class]`',
    see: 'items-the-batch-and-shapes',
  },
  noGradient: {
    title: 'a prediction whose gradient is zero everywhere',
    help: 'nothing is learned through it: use it, or mark it as `data`',
    see: 'derivatives-and-their-conventions-at-kinks',
  },
  noInfluence: {
    title: 'data that no gradient depends on',
    help: 'it only shifts the value: are two inputs swapped?',
    see: 'roles-and-parameters',
  },
  noParameterInfluence: {
    title: 'a parameter that no gradient depends on',
    help: 'a term without a prediction only shifts the value',
    see: 'roles-and-parameters',
  },
  swapped: {
    title: 'target and prediction that look swapped',
    help: 'swap them',
    see: 'roles-and-parameters',
  },
  guardDecides: {
    title: 'a guard that decides the value at everyday inputs',
    help: '`lossc explain` lists the guards, `lossc audit` shows where they decide',
    see: 'guards',
  },
  predictionOfLabels: {
    title: 'a prediction with a domain for labels',
    help: 'declare it with the domain of the network output, or mark it as `data`',
    see: 'roles-and-parameters',
  },
  looksGiven: {
    title: 'an input that counts as a prediction but looks like data',
    help: 'mark it as `data` if it is, or call it `prediction_…` if it is not',
    see: 'roles-and-parameters',
  },
  logarithmOfLogits: {
    title: 'a logarithm of logits',
    help: 'write `log_softmax(x, axis)` or `log(sigmoid(x))`',
    see: 'from-logits',
  },
  simplexAxis: {
    title: 'probabilities that sum to 1 along an axis that was probably not meant',
    help: 'name the axis with `over`',
    see: 'domains',
  },
  comparedWithItself: {
    title: 'a value compared with itself',
    help: 'to leave out missing values, use a mask',
    see: 'operators',
  },
};
