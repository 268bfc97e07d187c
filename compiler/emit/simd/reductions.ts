/** What is gathered over the classes of four items, in float64. */
import type { Node } from '../../graph/graph.js';
import type { ReduceOp } from '../../operators/axis.js';
import type { TiledOp } from '../plan/tiles.js';
import {
  type Code,
  d,
  dAdd,
  dFromV,
  dMul,
  type Local,
  set,
  shuffle,
  vAdd,
  vFromD,
  vMax,
  vMin,
  vMul,
} from '../wasm/instructions.js';
import { log } from './logarithms.js';
import { power } from './powers.js';
import type { Vector, Writer } from './writer.js';

type Variable = Local<'v128'>;

/** Two variables of two float64 each. */
export interface Wide {
  readonly low: Variable;
  readonly high: Variable;
}

export const startWide = ({ low, high }: Wide, value: number): Code => [
  set(low, d(value)),
  set(high, d(value)),
];

/** Joins four numbers to what is there. */
export const gatherWide = (
  { low, high }: Wide,
  x: Variable,
  join: (a: Vector, b: Vector) => Vector,
): Code => [set(low, join(low, dFromV(x))), set(high, join(high, dFromV(shuffle(x, x, [2, 3, 2, 3]))))];

/** The four numbers as float32. */
export const narrow = ({ low, high }: Wide): Vector => shuffle(vFromD(low), vFromD(high), [0, 1, 4, 5]);

type Join = (a: Vector, b: Vector) => Vector;

/** Gathered in float64, so that sums keep the digits of their terms. */
export interface WideRow {
  readonly wide: true;
  readonly initial: number;
  readonly join: Join;
  /** How a few are joined in float32 before. */
  readonly first: Join | undefined;
}

interface PlainRow {
  readonly wide: false;
  readonly initial: number;
  readonly join: Join;
}

/** `undefined` for a reduction whose losses stay with the loops in JavaScript. */
export const GATHERS = {
  sum: { wide: true, initial: 0, join: dAdd, first: vAdd },
  // Float32 may not hold the product of a few.
  prod: { wide: true, initial: 1, join: dMul, first: undefined },
  reduceMax: { wide: false, initial: -Infinity, join: vMax },
  reduceMin: { wide: false, initial: Infinity, join: vMin },
} as const satisfies { readonly [K in TiledOp]: WideRow | PlainRow | undefined };

type SameRow = ((x: Vector, classes: Vector, of: Node, code: Writer) => Vector) | undefined;
/** Reductions of a value that does not depend on the class; `undefined` as above. */
export const SAME_FOR_ALL: { readonly [K in ReduceOp]: SameRow } = {
  sum: (x, classes) => vMul(classes, x),
  prod: (x, classes, of, code) => power(x, classes, of.range.lo >= 0, code),
  reduceMax: (x) => x,
  reduceMin: (x) => x,
  logsumexp: (x, classes, _, code) => vAdd(x, log(classes, code)),
};
