import type { Arithmetic } from '../../../compiler/exact/arithmetic.js';
import { at, choose, index, logSoftmax, reduce, rename, softmax } from './along.js';
import { apply, compare, logic, powerRule, RULES } from './elementwise.js';
import { ordered, type Value } from './value.js';

/** The meaning of the language in float64, with bounds on what rounding may do and derivatives beside each number. */
export const BOUNDED: Arithmetic<number, Value> = {
  written: (value) => value,
  pi: () => Math.PI,
  along: ordered,
  only: (value) => value.data[0]!,
  apply: (name, args) => {
    const [x, y, z] = args as readonly [Value, Value, Value];
    if (name === '^') return apply(powerRule(y.isConstant), x, y);
    if (name === 'clip') return apply(RULES.min, apply(RULES.max, x, y), z);
    return apply(RULES[name], x, y);
  },
  compare,
  logic: (name, [x, y]) =>
    name === 'not'
      ? logic((a) => !a, x!)
      : logic(name === 'and' ? (a, b) => a && b : (a, b) => a || b, x!, y!),
  choose,
  reduce,
  softmax,
  logSoftmax,
  at,
  rename,
  index,
  stop: (value) => ({ ...value, slope: undefined, slopeError: undefined, isConstant: false }),
};
