import { f32, type Local, splat, type Value } from '../wasm/instructions.js';

/** Four float32, one for each of four rows, or what a comparison of such gives: all bits set where it holds. */
export type Vector = Value<'v128'>;

/** Where instructions are written, one after the other. */
export interface Writer {
  /** Works a vector out here, and gives the variable that holds it. */
  readonly keep: (value: Vector) => Local<'v128'>;
}

/** The same number four times. */
export const v = (value: number): Vector => splat(f32(value));
