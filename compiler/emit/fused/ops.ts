import type { CallOp } from '../tfjs/ops.js';

/** An operator on numbers, as JavaScript. The functions with a name that ends in `Of` are those of functions.ts. */
type NumberRow = (args: readonly string[], order: number) => string;

const call =
  (name: string): NumberRow =>
  (args) =>
    `${name}(${args.join(', ')})`;
const infix =
  (sign: string): NumberRow =>
  (args) =>
    `(${args.join(` ${sign} `)})`;

export const FUSED: { readonly [K in CallOp]: NumberRow } = {
  max: call('Math.max'),
  min: call('Math.min'),
  exp: call('Math.exp'),
  log: call('Math.log'),
  log1p: call('Math.log1p'),
  expm1: call('Math.expm1'),
  log1mexp: call('log1mexpOf'),
  abs: call('Math.abs'),
  sign: call('Math.sign'),
  floor: call('Math.floor'),
  round: call('roundHalfEvenOf'),
  sin: call('Math.sin'),
  cos: call('Math.cos'),
  acos: call('Math.acos'),
  atan: call('Math.atan'),
  erf: call('erfOf'),
  erfc: call('erfcOf'),
  erfcx: ([x], order) => `erfcxOf(${order}, ${x})`,
  logErfc: call('logErfcOf'),
  logErfcSlope: call('logErfcSlopeOf'),
  i0: call('i0Of'),
  i0e: call('i0eOf'),
  logI0: ([x], order) => `logI0Of(${order}, ${x})`,
  logI0e: ([x], order) => `logI0eOf(${order}, ${x})`,
  lgamma: call('lgammaOf'),
  polygamma: ([x], order) => `polygammaOf(${order}, ${x})`,
  sigmoid: ([x]) => `(1 / (1 + Math.exp(-(${x}))))`,
  softplus: call('softplusOf'),
  tanh: call('Math.tanh'),
  relu: ([x]) => `Math.max(${x}, 0)`,
  xlogy: call('xlogyOf'),
  stop: ([x]) => x!,
  lt: infix('<'),
  le: infix('<='),
  eq: infix('==='),
  and: infix('&&'),
  or: infix('||'),
  not: ([x]) => `!(${x})`,
};
