import { type AxisSet, axisCount, axisIndex, axisIndices } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { MatrixProduct } from '../plan/matrix-product.js';
import { type Scale, times } from '../print/infix.js';
import type { Make, Scaled } from './body-code.js';
import type { Call } from './calls.js';
import type { Slots } from './slots.js';

/** What the emitter of a body lends. */
export interface MatrixCode {
  readonly slots: Slots;
  readonly make: Make;
  readonly product: (factors: readonly Node[]) => Scaled;
  readonly value: (node: Node) => Scaled;
}

/** A sum of products over one axis as a product of matrices, with the axes that both share in front. */
export function emitMatrixProduct(node: Node, product: MatrixProduct, code: MatrixCode): Scaled {
  const { shared, summed } = product;
  const mine = { factors: product.leftFactors, own: product.left };
  const other = { factors: product.rightFactors, own: product.right };
  // The side whose axes come first goes to the left: then the result needs no turning.
  const swap = axisIndices(mine.own)[0]! > axisIndices(other.own)[0]!;
  const [left, right] = swap ? [other, mine] : [mine, other];
  const a = matrixOf(left.factors, shared, left.own, summed, code);
  const b = matrixOf(right.factors, shared, right.own, summed, code);
  const flags = a.turned || !b.turned ? [String(a.turned), String(!b.turned)] : [];
  const matrices = code.make('products', 'matrixProduct', [a.call, b.call, ...flags], ['matrixProduct']);
  const order = [...axisIndices(shared), ...axisIndices(left.own), ...axisIndices(right.own)];
  const ascending = order.every((index, i) => i === 0 || index > order[i - 1]!);
  const scale = times(a.scale, b.scale);
  const shape = code.slots.shape(node.axes);
  if (ascending) {
    const direct = code.slots.axes.length === order.length && order.length === (shared === 0 ? 2 : 3);
    const single = axisCount(left.own) === 1 && axisCount(right.own) === 1 && axisCount(shared) <= 1;
    if (direct && single) return { scale, call: matrices };
    return { scale, call: code.make('products', 'tf.reshape', [matrices, shape]) };
  }
  const apart = code.make('products', 'tf.reshape', [
    matrices,
    `[${order.map((index) => code.slots.size(index)).join(', ')}]`,
  ]);
  const sorted = [...order].sort((x, y) => x - y).map((index) => order.indexOf(index));
  const turned = code.make('products', 'transposed', [apart, `[${sorted.join(', ')}]`], ['transposed']);
  return { scale, call: code.make('products', 'tf.reshape', [turned, shape]) };
}

/**
 * Factors as matrices [shared, own, summed], or [shared, summed, own] when they lie that way (`turned`). A renamed factor
 * is read from where it came: no transposing.
 */
function matrixOf(
  factors: readonly Node[],
  shared: AxisSet,
  own: AxisSet,
  summed: AxisSet,
  code: MatrixCode,
): { readonly call: Call; readonly scale: Scale; readonly turned: boolean } {
  const only = factors.length === 1 ? factors[0]! : undefined;
  const source = only?.op === 'rename' ? only.args[0]! : undefined;
  const value = source === undefined ? code.product(factors) : code.value(source);
  const axes = factors.reduce((mask, factor) => mask | factor.axes, 0);
  // The order in which the axes lie in memory, by the names they have now.
  const lying =
    source === undefined
      ? axisIndices(axes)
      : axisIndices(source.axes).map((index) =>
          index === axisIndex(only!.axis) ? axisIndex(only!.to) : index,
        );
  const groups = [axisIndices(shared), axisIndices(own), axisIndices(summed)] as const;
  const straight = [...groups[0], ...groups[1], ...groups[2]];
  const across = [...groups[0], ...groups[2], ...groups[1]];
  const same = (order: readonly number[]): boolean => order.every((index, i) => index === lying[i]);
  const turned = !same(straight) && same(across);
  const lengths = [shared, own, summed].map((mask) => lengthOf(mask, code));
  const shape = shared === 0 ? lengths.slice(1) : lengths;
  if (turned) shape.push(...shape.splice(-2, 1));
  let call = value.call!;
  if (!turned && !same(straight)) {
    const inMemory = code.make('apart', 'tf.reshape', [
      call,
      `[${lying.map((index) => code.slots.size(index)).join(', ')}]`,
    ]);
    const permutation = straight.map((index) => lying.indexOf(index));
    call = code.make('turned', 'transposed', [inMemory, `[${permutation.join(', ')}]`], ['transposed']);
  }
  const flat = code.slots.axes.length === shape.length && lying.length === shape.length;
  return {
    call: flat ? call : code.make('matrix', 'tf.reshape', [call, `[${shape.join(', ')}]`]),
    scale: value.scale,
    turned,
  };
}

function lengthOf(mask: AxisSet, code: MatrixCode): string {
  return (
    axisIndices(mask)
      .map((index) => code.slots.size(index))
      .join(' * ') || '1'
  );
}
