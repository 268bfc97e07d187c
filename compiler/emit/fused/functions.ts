import { erf, lgamma, polygamma } from '../../operators/special.js';

/**
 * The functions of numbers that fused code calls by name, see ops.ts. With the engine's own functions, which are several times as
 * fast as those of `elementary/`: what a training gives is measured on a machine, with the functions of its backend, and is rounded
 * to float32.
 */
export const FUSED_FUNCTIONS = {
  erf,
  lgamma,
  polygamma,
  softplus: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  square: (x: number) => x * x,
  xlogy: (x: number, y: number) => (x === 0 ? 0 : x * Math.log(y)),
  log1mexp: (x: number) => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))),
};
