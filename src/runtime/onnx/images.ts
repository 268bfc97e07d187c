/** Images in the layout of ONNX's operators, `[batch, channels, height, width]`, and in that of our data and layers, with channels last. */
import type { LossScope } from '../../../compiler/emit/onnx/operators.js';
import type { Value } from '../../../compiler/emit/onnx/scope.js';

const isImage = (shape: readonly number[]): shape is readonly [number, number, number] => shape.length === 3;

/** Whether both layouts are the same numbers in the same order. */
const isSame = ([height, width, channels]: readonly [number, number, number]): boolean =>
  channels === 1 || height * width === 1;

/** `shape` with the batch, as ONNX has it. */
export function layoutOf(batch: number, shape: readonly number[]): readonly number[] {
  if (!isImage(shape)) return [batch, ...shape];
  const [height, width, channels] = shape;
  return [batch, channels, height, width];
}

/** Numbers that lie as our data does, in any dimensions, as values of a graph. */
export function fromRows(s: LossScope, x: Value, batch: number, shape: readonly number[]): Value {
  if (!isImage(shape) || isSame(shape)) return s.op('Reshape', [x, s.list(layoutOf(batch, shape))]);
  const channelsLast = s.op('Reshape', [x, s.list([batch, ...shape])]);
  return s.op('Transpose', [channelsLast], { perm: [0, 3, 1, 2] });
}

/** The way back: each example as a row, `[batch, numbers]`. */
export function toRows(s: LossScope, x: Value, batch: number, shape: readonly number[]): Value {
  const moved = !isImage(shape) || isSame(shape) ? x : s.op('Transpose', [x], { perm: [0, 2, 3, 1] });
  const size = shape.reduce((product, length) => product * length, 1);
  return s.op('Reshape', [moved, s.list([batch, size])]);
}
