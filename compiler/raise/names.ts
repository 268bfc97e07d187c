import type { BinaryOp } from '../../grammar/tree/ast.js';
import type { ElementwiseOp } from '../operators/elementwise.js';

/** How an operator that is a plain function is called in the language. */
export const FUNCTION_NAMES: { readonly [K in ElementwiseOp]?: string } = {
  max: 'max',
  min: 'min',
  exp: 'exp',
  log: 'log',
  log1p: 'log1p',
  expm1: 'expm1',
  abs: 'abs',
  sign: 'sign',
  sin: 'sin',
  cos: 'cos',
  acos: 'acos',
  atan: 'atan',
  erf: 'erf',
  lgamma: 'lgamma',
  sigmoid: 'sigmoid',
  softplus: 'softplus',
  tanh: 'tanh',
  relu: 'relu',
  xlogy: 'xlogy',
  stop: 'stop_gradient',
};
/** How a reduction is called, and what it makes of an entry that is left out. */
export const REDUCTION_NAMES: Readonly<
  Record<string, { readonly name: string; readonly neutral: number | undefined }>
> = {
  sum: { name: 'sum', neutral: 0 },
  prod: { name: 'prod', neutral: 1 },
  reduceMax: { name: 'max', neutral: -Infinity },
  reduceMin: { name: 'min', neutral: Infinity },
  logsumexp: { name: 'logsumexp', neutral: -Infinity },
};
/** Comparisons with their sides changed. */
export const FLIPPED: Readonly<Record<string, BinaryOp>> = { '<': '>', '<=': '>=', '==': '==' };
