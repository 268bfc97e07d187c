/** What works along axes: reductions, running sums, softmax, positions, and axes that change their name. */
import { type AxisSet, axisCount, axisIndex, axisIndices } from '../../graph/axes.js';
import type { Graph, Node } from '../../graph/graph.js';
import { type AlongOp, type ReduceOp, reduction } from '../../operators/axis.js';
import type { RunningSum } from '../plan/running-sum.js';
import { isTiled } from '../plan/tiles.js';
import { ONE } from '../print/infix.js';
import { numberText } from '../print/literals.js';
import type { ArithmeticCode, Scaled } from './body-code.js';
import type { Call } from './calls.js';
import { REDUCTIONS } from './reductions.js';
import type { Slots } from './slots.js';

/** What the emitter of a body lends. */
export interface AlongCode extends ArithmeticCode {
  readonly graph: Graph;
  readonly slots: Slots;
}

export function emitAlong(op: AlongOp, node: Node, { get, make, slots }: AlongCode): Call {
  const x = get(node.args[0]!);
  const slot = slots.of(node.axis);
  const logs = (): Call =>
    slot === slots.axes.length - 1
      ? make('logP', 'logSoftmax', [x], ['logSoftmax'])
      : make('logP', 'logSoftmaxAlong', [x, String(slot)], ['logSoftmaxAlong']);
  switch (op) {
    case 'logSoftmax':
      return logs();
    case 'softmax':
      return make('p', 'tf.exp', [logs()]);
  }
}

/** A reduction along axes, in a helper where there may be nothing to reduce. */
export function emitReduction(
  op: ReduceOp,
  hint: string,
  node: Node,
  x: Call | string,
  { graph, make, slots }: AlongCode,
): Call {
  if (!isTiled(op)) return make(hint, 'logSumExp', [x, slots.list(node.axis)], ['logSumExp']);
  const { head, helper } = REDUCTIONS[op];
  const along = axisCount(node.axis) === 1 ? String(slots.of(node.axis)) : slots.list(node.axis);
  const isLong = axisIndices(node.axis).every((axis) => graph.axes.get(axis).size !== undefined);
  const helpers = helper === undefined ? [] : [helper];
  if (isLong) return make(hint, head, [x, along, 'true'], helpers);
  const { neutral } = reduction(op);
  const ofNothing = neutral === 0 ? [] : [numberText(neutral)];
  return make(hint, 'reduced', [head, x, along, ...ofNothing], ['reduced', ...helpers]);
}

export function emitRunningSum(sum: RunningSum, code: AlongCode): Scaled {
  const { value, from, to, exclusive, reverse } = sum;
  const { scale, call } = code.value(value);
  const flags = exclusive || reverse ? [String(exclusive), String(reverse)] : [];
  const inside = call ?? code.materialise({ scale, call });
  const sums = code.make('sums', 'tf.cumsum', [inside, String(code.slots.of(from)), ...flags]);
  return { scale: call === undefined ? ONE : scale, call: emitMoved(value.axes, from, to, sums, code) };
}

/** The entries at positions along an axis. */
export function emitAt(node: Node, { get, host, isHost, make, slots }: AlongCode): Call {
  const [value, position] = [node.args[0]!, node.args[1]!];
  const [x, slot] = [get(value), String(slots.of(node.axis))];
  if (isHost(position)) return make('picked', 'entryAt', [x, slot, host.text(position)], ['entryAt']);
  // Positions along axes that the value lacks: spread the value over them first.
  const missing = position.axes & ~value.axes;
  const whole =
    missing === 0 ? x : make('whole', 'spread', [x, slots.shape(value.axes | missing)], ['spread']);
  return make('picked', 'lookUp', [whole, slot, get(position)], ['lookUp']);
}

/** A tensor of some axes with one of them in another dimension. */
export function emitMoved(
  axes: AxisSet,
  axis: AxisSet,
  target: AxisSet,
  call: Call | string,
  { make, slots }: AlongCode,
): Call {
  const hint = axisLabel(slots.size(axisIndex(target)));
  const order = slots.swapped(axes, slots.of(axis), slots.of(target));
  return order === undefined
    ? make(hint, 'tf.reshape', [call, slots.shape((axes & ~axis) | target)])
    : make(hint, 'transposed', [call, order], ['transposed']);
}

const axisLabel = (size: string): string =>
  /Size$/.test(size) ? size.replace(/Size$/, 'Copy').replace(/\W/g, '') : 'copy';
