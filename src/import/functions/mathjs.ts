/** Functions of mathjs that take a vector: here that of one item. */
import { call } from '../../../grammar/tree/build.js';
import { refuse } from '../refused.js';
import type { Language } from '../term.js';
import { asNumber, axesOf, numberValue, type Value } from '../value.js';
import { norm, reduceAxes, reducedAt, variance } from './reduce.js';
import { type Arguments, type FunctionRow, type Functions, filled, type Hands } from './row.js';

const MATHJS: readonly Language[] = ['mathjs'];

/** The one vector that is reduced. */
function vector(given: Arguments, hands: Hands): Value {
  const value = asNumber(hands.value(given.term('x')));
  if (axesOf(value.shape).length === 0) refuse(given.span, `${given.call.callee} of a single number`);
  return value;
}

const reducing = (op: string): FunctionRow => ({
  languages: MATHJS,
  takes: 'x other?',
  ofVectors: () => true,
  make: (given, hands) => {
    if (given.get('other') !== undefined)
      refuse(
        given.span,
        `${given.call.callee} is supported only for a single vector`,
        'write the numbers with + between them',
      );
    return reduceAxes(op, reducedAt(vector(given, hands), undefined, false, hands.layout, given));
  },
});

/** Of two or more numbers, or of the entries of a vector. */
const extreme = (op: 'max' | 'min'): FunctionRow => ({
  languages: MATHJS,
  takes: 'x b? c? d? e? f?',
  make: (given, hands) => {
    const values = given.call.args.map((one) => asNumber(hands.value(one)));
    if (values.length === 1)
      return reduceAxes(op, reducedAt(vector(given, hands), undefined, false, hands.layout, given));
    if (values.some(({ shape }) => axesOf(shape).length > 0))
      refuse(
        given.span,
        `${op} of vectors takes an axis in mathjs, and does not compare entry by entry`,
        `write ${op} of numbers, or a ? b : c`,
      );
    return values.reduce((x, y) => filled(`${op}(x, y)`, { x, y }, given.span));
  },
  ofVectors: ({ call: { args } }) => args.length === 1,
});

const spread = (root: boolean): FunctionRow => ({
  languages: MATHJS,
  takes: 'x normalization?',
  ofVectors: () => true,
  make: (given, hands) => {
    const how = given.word('normalization') ?? 'unbiased';
    if (how !== 'unbiased' && how !== 'uncorrected')
      refuse(given.span, `the normalisation '${how}' is not supported`);
    vector(given, hands);
    const found = variance(given, hands, how === 'unbiased' ? 1 : 0);
    return root ? numberValue(call('sqrt', [found.expr]), found.shape) : found;
  },
});

export const MATHJS_FUNCTIONS: Functions = {
  sum: reducing('sum'),
  mean: reducing('mean'),
  prod: reducing('prod'),
  max: extreme('max'),
  min: extreme('min'),
  std: spread(true),
  variance: spread(false),
  norm: {
    languages: MATHJS,
    takes: 'x ord?',
    ofVectors: () => true,
    make: (given, hands) =>
      norm(given, hands, given.get('ord') === undefined ? 2 : given.number('ord'), undefined),
  },
  dot: {
    languages: MATHJS,
    takes: 'x y',
    ofVectors: () => true,
    make: (given, hands) => {
      const product = filled(
        'x * y',
        { x: vector(given, hands), y: hands.value(given.term('y')) },
        given.span,
      );
      return reduceAxes('sum', reducedAt(product, undefined, false, hands.layout, given));
    },
  },
};
