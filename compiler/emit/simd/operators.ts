import type { CallOp } from '../tfjs/ops.js';
import {
  vAbs,
  vAnd,
  vEqual,
  vFloor,
  vLessOrEqual,
  vLessThan,
  vMax,
  vMin,
  vNearest,
  vNot,
  vOr,
} from '../wasm/instructions.js';
import { exp, expm1, sigmoid, sign, tanh } from './exponentials.js';
import { log, log1mexp, log1p, softplus, xlogy } from './logarithms.js';
import { type Vector, v, type Writer } from './writer.js';

/** An operator on four numbers at a time; `undefined` for one whose losses stay with the loops in JavaScript. */
type SimdRow = ((args: readonly Vector[], code: Writer) => Vector) | undefined;

const unary =
  (f: (x: Vector, code: Writer) => Vector): SimdRow =>
  ([x], code) =>
    f(x!, code);
const binary =
  (f: (x: Vector, y: Vector, code: Writer) => Vector): SimdRow =>
  ([x, y], code) =>
    f(x!, y!, code);

export const SIMD: { readonly [K in CallOp]: SimdRow } = {
  max: binary(vMax),
  min: binary(vMin),
  exp: unary(exp),
  log: unary(log),
  log1p: unary(log1p),
  expm1: unary(expm1),
  log1mexp: unary(log1mexp),
  abs: unary(vAbs),
  sign: unary(sign),
  floor: unary(vFloor),
  round: unary(vNearest),
  sin: undefined,
  cos: undefined,
  acos: undefined,
  atan: undefined,
  erf: undefined,
  erfc: undefined,
  erfcx: undefined,
  logErfc: undefined,
  logErfcSlope: undefined,
  i0: undefined,
  i0e: undefined,
  logI0: undefined,
  logI0e: undefined,
  lgamma: undefined,
  polygamma: undefined,
  sigmoid: unary(sigmoid),
  softplus: unary(softplus),
  tanh: unary(tanh),
  relu: unary((x) => vMax(x, v(0))),
  xlogy: binary(xlogy),
  stop: unary((x) => x),
  lt: binary(vLessThan),
  le: binary(vLessOrEqual),
  eq: binary(vEqual),
  and: binary(vAnd),
  or: binary(vOr),
  not: unary(vNot),
};
