/** A window that slides over an image, as convolutions and pooling have it. Sizes are numbers of elements. */
import { parametersOf } from '../../../compiler/emit/wasm/assembler.js';
import {
  type Code,
  i32,
  i32Add,
  i32LessThanUnsigned,
  i32Mul,
  i32Sub,
  type Local,
  loopSteps,
  set,
  type Value,
} from '../../../compiler/emit/wasm/instructions.js';

/** What a function that slides a window is given, in order: before what is its own, and after. */
export const WINDOW_SIZES = parametersOf(
  'i32',
  'height',
  'width',
  'channels',
  'filterHeight',
  'filterWidth',
  'strideHeight',
  'strideWidth',
);
export const WINDOW_PLACES = parametersOf('i32', 'padTop', 'padLeft', 'outHeight', 'outWidth');

type Window = { readonly [K in keyof typeof WINDOW_SIZES | keyof typeof WINDOW_PLACES]: Local<'i32'> };

/** Runs the body with a counter from 0 to below a limit. */
export const overEach = (counter: Local<'i32'>, limit: Value<'i32'>, body: Code): Code => [
  set(counter, i32(0)),
  loopSteps(counter, limit, 1, body),
];

/** Runs the body at every output; `row` is 0 at first. */
export const overOutputs = (window: Window, row: Local<'i32'>, column: Local<'i32'>, body: Code): Code =>
  loopSteps(row, window.outHeight, 1, overEach(column, window.outWidth, body));

/** The row, and the column, of the image at which the window of an output begins; above or left of the image it is below 0. */
export const firstRow = ({ strideHeight, padTop }: Window, outRow: Local<'i32'>): Value<'i32'> =>
  i32Sub(i32Mul(outRow, strideHeight), padTop);
export const firstColumn = ({ strideWidth, padLeft }: Window, outColumn: Local<'i32'>): Value<'i32'> =>
  i32Sub(i32Mul(outColumn, strideWidth), padLeft);

/** Whether a row or column lies within a size: below zero counts as very large, so one comparison is enough for both sides. */
export const isWithin = (place: Local<'i32'>, size: Local<'i32'>): Value<'i32'> =>
  i32LessThanUnsigned(place, size);

/** The number of a pixel of the image. */
export const pixelIndex = ({ width }: Window, row: Local<'i32'>, column: Value<'i32'>): Value<'i32'> =>
  i32Add(i32Mul(row, width), column);
