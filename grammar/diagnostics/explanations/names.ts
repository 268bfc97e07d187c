import type { NAME_CODES } from '../codes/names.js';
import type { Explanation } from './explanation.js';

export const NAME_EXPLANATIONS: { readonly [K in keyof typeof NAME_CODES]: Explanation } = {
  unknownName: {
    title: 'an unknown name',
    help: 'correct its spelling, or declare it as an input, a parameter or a `let`',
    see: 'loss',
  },
  functionAsValue: {
    title: 'a function where a value is expected',
    help: 'call it with its arguments',
    see: 'functions',
  },
  unknownFunction: {
    title: 'a call of something that is neither a function nor a loss',
    help: 'correct its spelling, declare it with `fn`, or import it',
    see: 'calls',
  },
  valueAsFunction: { title: 'a call of a value', help: 'to multiply, write `x * (…)`', see: 'calls' },
  wrongArity: {
    title: 'too few or too many arguments',
    help: 'write as many as the message says',
    see: 'calls',
  },
  reducesNothing: {
    title: 'a reduction without an axis',
    help: 'name the axis: `sum(e, axis)`; for two values there are `min(a, b)` and `max(a, b)`',
    see: 'reductions',
  },
  definedTwice: {
    title: 'a name that is defined twice in one loss or `fn`',
    help: 'inputs, parameters, lets and axes share one set of names: choose another',
    see: 'roles-and-parameters',
  },
  recursion: {
    title: 'circular calls',
    help: 'write out the expression instead of the last call',
    see: 'calls',
  },
  axisAsValue: {
    title: 'an axis where a value is expected',
    help: 'write `index(axis)` for positions or `size(axis)` for its length',
    see: 'axes',
  },
  conditionAsNumber: {
    title: 'a condition where a number is expected',
    help: 'write `if c then 1 else 0`',
    see: 'operators',
  },
  numberAsCondition: {
    title: 'a number where a condition is expected',
    help: 'compare it: `x != 0` or `x > 0`',
    see: 'operators',
  },
  unknownDomain: {
    title: 'a domain that does not exist',
    help: 'the domains are listed in the reference',
    see: 'domains',
  },
  domainBounds: {
    title: 'bounds that a domain needs or does not take',
    help: 'only `between` takes bounds: `between(-1, 1)`',
    see: 'domains',
  },
  badBounds: {
    title: 'bounds that are not two finite numbers, the smaller first',
    help: 'write `between(low, high)`',
    see: 'domains',
  },
  domainNeedsAxis: {
    title: 'probabilities without an axis along which they sum to 1',
    help: 'name one: `probability[class]`',
    see: 'domains',
  },
  overWithoutSimplex: {
    title: '`over` after a domain whose values do not sum to 1',
    help: '`over` belongs to `probability` and `onehot`: leave it out',
    see: 'domains',
  },
  overUnknownAxis: {
    title: '`over` an axis that is not in the brackets',
    help: 'name one of the axes in the brackets',
    see: 'domains',
  },
  unused: {
    title: 'something that is never used',
    help: 'leave it out, or use it',
    see: 'roles-and-parameters',
  },
  namedArgument: {
    title: 'a named argument that the callee does not have',
    help: 'correct its spelling: the message lists those that exist',
    see: 'calls',
  },
  namedInput: { title: 'an input passed by name', help: 'inputs are passed by position', see: 'calls' },
  namedToFunction: {
    title: 'a named argument of a function that takes positional arguments only',
    help: 'leave the name out',
    see: 'calls',
  },
  parameterTwice: {
    title: 'a named argument that is given twice',
    help: 'leave one of them out',
    see: 'calls',
  },
  axisOption: {
    title: 'an axis as an option: `dim = 1`, `axis = class`',
    help: 'write only the name of the axis: `sum(e, class)`',
    see: 'reductions',
  },
  parameterMissing: {
    title: 'a call without a value for a parameter that has no default',
    help: 'pass it by name: `gamma = 2`',
    see: 'calls',
  },
  declaredTwice: {
    title: 'a name that two functions, losses or sketches share',
    help: 'functions, losses and sketches share one set of names: choose another',
    see: 'files-and-declarations',
  },
  axisExpected: {
    title: 'a value where an axis is expected',
    help: 'axes have names, not numbers: write a name',
    see: 'axes',
  },
  notConstant: {
    title: 'a value that has to be constant but is not',
    help: 'write a number, or an expression of numbers',
    see: 'roles-and-parameters',
  },
  holeOutsideSketch: {
    title: '`?` outside a sketch',
    help: 'write `sketch` instead of `loss`, with operators and leaves',
    see: 'sketches',
  },
  sketchCalled: {
    title: 'a call of a sketch',
    help: 'a sketch has no value until its holes are filled: call a loss',
    see: 'sketches',
  },
  dottedName: {
    title: 'a name with dots: a module, a method or an attribute',
    help: 'there are no modules and no methods: write the name alone',
    see: 'words-of-other-languages',
  },
  nothingDeclared: {
    title: 'a file that declares nothing',
    help: 'begin with a loss',
    see: 'files-and-declarations',
  },
};
