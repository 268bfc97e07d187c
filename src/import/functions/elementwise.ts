/** Functions that work element by element: each a formula of the language. */
import { ifExpr, num } from '../../../grammar/tree/build.js';
import { refuse } from '../refused.js';
import { LANGUAGES, type Language, type Term } from '../term.js';
import { arithmetic, asCondition, asNumber, negative, numberValue, together, type Value } from '../value.js';
import { type FunctionRow, type Functions, filled, formula, literal } from './row.js';

const ALL: readonly Language[] = LANGUAGES;
const PYTHON: readonly Language[] = ['python'];
const NOT_LATEX: readonly Language[] = ['python', 'mathjs'];
const X = 'x|input|a|self';
const XY = 'x|input|a|x1 y|other|b|exponent|x2';

const same = (name: string, languages = ALL): FunctionRow => formula(languages, X, `${name}(x)`);

/** The larger or smaller of two or more values. */
const extreme = (name: 'max' | 'min', languages: readonly Language[]): FunctionRow => ({
  languages,
  takes: XY,
  make: (given, { value }) =>
    filled(`${name}(x, y)`, { x: value(given.term('x')), y: value(given.term('y')) }, given.span),
});

/** Bounds of which one may be left out. */
const clamp: FunctionRow = {
  languages: ['python', 'latex'],
  takes: `${X} min|a_min? max|a_max?`,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    const [low, high] = [given.get('min'), given.get('max')];
    if (low !== undefined && high !== undefined)
      return filled('clip(x, low, high)', { x, low: value(low), high: value(high) }, given.span);
    if (low !== undefined) return filled('max(x, low)', { x, low: value(low) }, given.span);
    if (high !== undefined) return filled('min(x, high)', { x, high: value(high) }, given.span);
    refuse(given.span, `${given.call.callee} has neither min nor max`);
  },
};

/** A choice, entry by entry. */
export function choice(condition: Value, then: Value, otherwise: Value, span: Term['span']): Value {
  const [c, a, b] = [asCondition(condition), asNumber(then), asNumber(otherwise)];
  return numberValue(ifExpr([[c.expr, a.expr]], b.expr), together([c.shape, a.shape, b.shape], span));
}

const where: FunctionRow = {
  languages: PYTHON,
  takes: 'condition a|input|x b|other|y',
  make: (given, { value }) =>
    choice(value(given.term('condition')), value(given.term('a')), value(given.term('b')), given.span),
};

/** x.where(condition, y) */
export const whereMethod: FunctionRow = {
  ...where,
  takes: 'a condition b|other',
};

const piecewise: FunctionRow = {
  languages: PYTHON,
  takes: 'p1 p2? p3? p4? p5? p6? p7? p8?',
  make: (given, { value }) => {
    const pairs = given.call.args.map((pair) => {
      if (pair.kind !== 'list' || pair.items.length !== 2)
        refuse(pair.span, 'a part of Piecewise is a value and its condition', 'write (value, condition)');
      return pair.items;
    });
    const last = pairs.pop()!;
    if (last[1]!.kind !== 'word' || last[1]!.word !== 'True')
      refuse(last[1]!.span, 'the last part of Piecewise has to hold everywhere else', 'write (value, True)');
    return pairs.reduceRight(
      (rest, [then, condition]) => choice(value(condition!), value(then!), rest, given.span),
      value(last[0]!),
    );
  },
};

/** `log(x, 10)` of mathjs, SymPy and math has a base. */
const log: FunctionRow = {
  languages: ALL,
  takes: `${X} base?`,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    const base = given.get('base');
    if (base === undefined) return filled('log(x)', { x }, given.span);
    const { library, isMethod } = given.call;
    if (isMethod || library === 'torch' || library === 'numpy')
      refuse(base.span, 'this logarithm does not take a base', 'write log(x) / log(base)');
    return filled(
      literal(base) === 2 ? 'log2(x)' : 'log(x) / log(base)',
      { x, base: value(base) },
      given.span,
    );
  },
};

const softplus: FunctionRow = {
  languages: ['python', 'latex'],
  takes: `${X} beta=1 threshold=20`,
  make: (given, { value }) => {
    const x = value(given.term('x'));
    const beta = given.number('beta');
    return beta === 1
      ? filled('softplus(x)', { x }, given.span)
      : filled('softplus(beta * x) / beta', { x, beta: numberValue(num(beta)) }, given.span);
  },
};

const constantLike = (value: number): FunctionRow => ({
  languages: PYTHON,
  takes: X,
  make: (given, hands) => numberValue(num(value), hands.value(given.term('x')).shape),
});

const operator = (op: Parameters<typeof arithmetic>[0], languages = NOT_LATEX): FunctionRow => ({
  languages,
  takes: XY,
  make: (given, { value }) => arithmetic(op, value(given.term('x')), value(given.term('y')), given.span),
});

const negation: FunctionRow = {
  languages: NOT_LATEX,
  takes: X,
  make: (given, { value }) => negative(value(given.term('x'))),
};

/** What cannot be said, with what to write instead. */
const never = (languages: readonly Language[], message: string, hint?: string): FunctionRow => ({
  languages,
  takes: 'a? b? c? d?',
  make: (given) => refuse(given.span, message, hint),
});

const constantOf = (text: string, languages = NOT_LATEX): FunctionRow => ({
  languages,
  takes: '',
  make: (given) => filled(text, {}, given.span),
});

export const ELEMENTWISE: Functions = {
  abs: same('abs'),
  absolute: same('abs', PYTHON),
  fabs: same('abs', PYTHON),
  Abs: same('abs', PYTHON),
  sign: same('sign', ALL),
  sgn: same('sign', ALL),
  floor: same('floor', ALL),
  ceil: formula(ALL, X, '-floor(-x)'),
  trunc: formula(PYTHON, X, 'sign(x) * floor(abs(x))'),
  fix: formula(NOT_LATEX, X, 'sign(x) * floor(abs(x))'),
  round: {
    ...same('round', PYTHON),
    languages: NOT_LATEX,
    make: (given, hands) =>
      hands.language === 'mathjs'
        ? // Halves away from 0, where round(x) takes them to even.
          filled('sign(x) * floor(abs(x) + 0.5)', { x: hands.value(given.term('x')) }, given.span)
        : filled('round(x)', { x: hands.value(given.term('x')) }, given.span),
  },
  square: same('square', NOT_LATEX),
  cube: formula(NOT_LATEX, X, 'x^3'),
  sqrt: same('sqrt'),
  cbrt: formula(ALL, X, 'sign(x) * abs(x)^(1 / 3)'),
  rsqrt: formula(PYTHON, X, '1 / sqrt(x)'),
  reciprocal: formula(PYTHON, X, '1 / x'),
  exp: same('exp'),
  exp2: formula(PYTHON, X, '2^x'),
  expm1: same('expm1', NOT_LATEX),
  log,
  ln: formula(ALL, X, 'log(x)'),
  log1p: same('log1p', NOT_LATEX),
  log2: same('log2', NOT_LATEX),
  log10: formula(NOT_LATEX, X, 'log(x) / log(10)'),
  logit: {
    languages: PYTHON,
    takes: `${X} eps?`,
    make: (given, { value }) => {
      const [x, eps] = [value(given.term('x')), given.get('eps')];
      return eps === undefined
        ? filled('log(x / (1 - x))', { x }, given.span)
        : filled('log(clip(x, e, 1 - e) / (1 - clip(x, e, 1 - e)))', { x, e: value(eps) }, given.span);
    },
  },
  sigmoid: same('sigmoid'),
  expit: same('sigmoid', PYTHON),
  logsigmoid: formula(PYTHON, X, '-softplus(-x)'),
  log_expit: formula(PYTHON, X, '-softplus(-x)'),
  log_sigmoid: formula(PYTHON, X, '-softplus(-x)'),
  softplus,
  relu: same('relu', ['python', 'latex']),
  leaky_relu: formula(PYTHON, `${X} negative_slope=0.01`, 'if x > 0 then x else negative_slope * x'),
  elu: formula(PYTHON, `${X} alpha=1`, 'if x > 0 then x else alpha * expm1(x)'),
  silu: formula(PYTHON, X, 'x * sigmoid(x)'),
  hardtanh: formula(PYTHON, `${X} min_val=-1 max_val=1`, 'clip(x, min_val, max_val)'),
  tanh: same('tanh'),
  sinh: formula(ALL, X, '(exp(x) - exp(-x)) / 2'),
  cosh: formula(ALL, X, '(exp(x) + exp(-x)) / 2'),
  sin: same('sin'),
  cos: same('cos'),
  tan: formula(ALL, X, 'sin(x) / cos(x)'),
  acos: same('acos', NOT_LATEX),
  arccos: same('acos', ['python', 'latex']),
  atan: same('atan', NOT_LATEX),
  arctan: same('atan', ['python', 'latex']),
  erf: same('erf'),
  erfc: same('erfc', PYTHON),
  lgamma: same('lgamma', NOT_LATEX),
  gammaln: same('lgamma', PYTHON),
  loggamma: same('lgamma', PYTHON),
  digamma: same('digamma', PYTHON),
  psi: same('digamma', PYTHON),
  xlogy: formula(PYTHON, XY, 'xlogy(x, y)'),
  logaddexp: formula(PYTHON, XY, 'max(x, y) + softplus(-abs(x - y))'),
  hypot: formula(NOT_LATEX, XY, 'sqrt(x^2 + y^2)'),
  heaviside: formula(PYTHON, XY, 'if x > 0 then 1 else if x < 0 then 0 else y'),
  maximum: extreme('max', PYTHON),
  fmax: extreme('max', PYTHON),
  minimum: extreme('min', PYTHON),
  fmin: extreme('min', PYTHON),
  Max: extreme('max', PYTHON),
  Min: extreme('min', PYTHON),
  clamp,
  clip: clamp,
  clamp_min: formula(PYTHON, `${X} min`, 'max(x, min)'),
  clamp_max: formula(PYTHON, `${X} max`, 'min(x, max)'),
  where,
  Piecewise: piecewise,
  pow: operator('^'),
  power: operator('^', PYTHON),
  float_power: operator('^', PYTHON),
  add: operator('+'),
  sub: operator('-', PYTHON),
  subtract: operator('-'),
  mul: operator('*', PYTHON),
  multiply: operator('*', PYTHON),
  div: operator('/', PYTHON),
  divide: operator('/'),
  true_divide: operator('/', PYTHON),
  dotMultiply: operator('*', ['mathjs']),
  dotDivide: operator('/', ['mathjs']),
  dotPow: operator('^', ['mathjs']),
  neg: negation,
  negative: negation,
  unaryMinus: negation,
  eq: operator('=='),
  ne: operator('!='),
  gt: operator('>'),
  ge: operator('>='),
  lt: operator('<'),
  le: operator('<='),
  equal: operator('==', ['mathjs']),
  larger: operator('>', ['mathjs']),
  smaller: operator('<', ['mathjs']),
  logical_and: operator('and', PYTHON),
  logical_or: operator('or', PYTHON),
  Heaviside: formula(PYTHON, X, 'if x > 0 then 1 else if x < 0 then 0 else 0.5'),
  remainder: formula(PYTHON, XY, 'mod(x, y)'),
  mod: formula(NOT_LATEX, XY, 'mod(x, y)'),
  Mod: formula(PYTHON, XY, 'mod(x, y)'),
  fmod: formula(PYTHON, XY, 'x - y * sign(x / y) * floor(abs(x / y))'),
  floor_divide: formula(PYTHON, XY, 'floor(x / y)'),
  ones_like: constantLike(1),
  zeros_like: constantLike(0),
  pi: constantOf('pi'),
  e: constantOf('exp(1)'),
  E: constantOf('exp(1)'),
  inf: constantOf('infinity', ALL),
  oo: constantOf('infinity', PYTHON),
  nan: never(PYTHON, 'values of a loss are never NaN', 'leave entries out with a mask'),
  nan_to_num: never(
    PYTHON,
    'nan_to_num would hide where a loss fails',
    'leave it out: lossc guards logarithms and quotients, and says where',
  ),
  lerp: formula(PYTHON, 'x|input y|end w|weight', 'x + w * (y - x)'),
};
