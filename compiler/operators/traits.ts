import { OPERATORS, type Op } from './order.js';

/** What a pass asks of an operator that is yes or no. */
export type Trait =
  /** Gives one of its arguments: an infinity that is meant stays one. */
  | 'picks'
  /** What a guard consists of. */
  | 'bounds'
  /** Its relative error is about that of what it is made of. */
  | 'passes errors'
  /** A logarithm of it knows when an argument is an exact 0. */
  | 'passes zeros'
  /** Of a larger argument it is larger. */
  | 'increases'
  /** Comes nearer to 1, or to a bound that counts as 1, than floats can tell. */
  | 'saturates'
  /** Its logarithm is simpler than it is. */
  | 'melts in log'
  /** Its powers have another form. */
  | 'melts in powers'
  /**
   * The normalising constants of likelihoods are made of it (entropies, factorials, the scale within a logarithm): they train nothing,
   * and belong to many formulas all the same.
   */
  | 'normalises'
  /** Of arguments of ordinary size it may be as large as float32 can hold. */
  | 'grows'
  /** A condition on two numbers. */
  | 'compares';

/** A row for every operator, so that a new one does not compile until each of these has been thought of. */
const TRAITS: { readonly [K in Op]: readonly Trait[] } = {
  const: ['melts in powers'],
  parameter: [],
  literal: [],
  size: [],
  index: [],
  input: [],
  add: ['passes errors', 'passes zeros'],
  mul: ['passes errors', 'passes zeros', 'melts in powers'],
  pow: ['passes errors', 'passes zeros', 'melts in powers'],
  max: ['picks', 'bounds', 'passes errors', 'passes zeros'],
  min: ['picks', 'bounds', 'passes errors', 'passes zeros'],
  exp: ['grows', 'increases', 'saturates', 'melts in log', 'melts in powers'],
  log: ['normalises'],
  log1p: ['normalises'],
  expm1: ['grows'],
  log1mexp: [],
  abs: ['passes errors', 'melts in powers'],
  sign: [],
  floor: [],
  round: [],
  sin: [],
  cos: [],
  acos: [],
  atan: [],
  erf: ['passes zeros', 'increases', 'saturates'],
  erfc: ['saturates'],
  erfcx: [],
  logErfc: [],
  logErfcSlope: [],
  i0: ['normalises'],
  i0e: ['normalises'],
  // Its first derivative does.
  logI0: ['normalises', 'saturates'],
  logI0e: ['normalises'],
  lgamma: ['normalises'],
  polygamma: [],
  sigmoid: ['increases', 'saturates', 'melts in log'],
  softplus: ['increases'],
  tanh: ['passes zeros', 'increases', 'saturates'],
  relu: ['passes errors', 'passes zeros'],
  xlogy: ['grows', 'normalises'],
  stop: ['picks'],
  lt: ['compares'],
  le: ['compares'],
  eq: ['compares'],
  and: [],
  or: [],
  not: [],
  select: ['picks', 'bounds', 'passes errors', 'passes zeros'],
  sum: ['passes errors', 'passes zeros'],
  prod: ['passes errors', 'passes zeros'],
  reduceMax: ['passes errors', 'passes zeros'],
  reduceMin: ['passes errors', 'passes zeros'],
  logsumexp: ['normalises'],
  softmax: ['saturates', 'melts in log'],
  logSoftmax: ['normalises'],
  at: ['passes errors', 'passes zeros'],
  rename: ['passes errors', 'passes zeros'],
};

/** The operators with a trait. */
export const operatorsThat = (trait: Trait): ReadonlySet<Op> =>
  new Set(OPERATORS.filter((op) => TRAITS[op].includes(trait)));
