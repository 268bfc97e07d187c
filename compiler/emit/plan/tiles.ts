import { axisCount, axisIndex } from '../../graph/axes.js';
import type { Graph, Node } from '../../graph/graph.js';
import { RawBuilder } from '../../graph/raw.js';
import { rebuildNode } from '../../graph/rebuild.js';
import { isReduction, type ReduceOp } from '../../operators/axis.js';
import { isElementwise } from '../../operators/elementwise.js';
import type { Op } from '../../operators/order.js';
import { findMatrixProduct } from './matrix-product.js';
import { findRunningSum } from './running-sum.js';
import type { Schedule } from './schedule.js';

/**
 * A reduction whose operand has more axes than anything it is made from, such as the distances of all pairs:
 * `sum((a - rename(a, batch, other))^2, feature)`. It is computed from slices along one of its axes, so that the operand is never
 * whole in memory. The products of the vectors would need less work, but |a|^2 + |b|^2 - 2 ab loses the distance of near
 * neighbours to rounding.
 */
export interface Tile {
  readonly op: TiledOp;
  /** The axis that is cut: of those that are reduced the last, which is the batch only where there is no other. */
  readonly along: number;
  /** What the operand is made from; each lacks some of its axes. */
  readonly leaves: readonly Node[];
  /** The reduction with a placeholder for each leaf. */
  readonly reduction: Node;
  readonly placeholders: readonly Node[];
}

/** Reductions that can be made up from those of slices. */
export type TiledOp = Exclude<ReduceOp, 'logsumexp'>;
export const isTiled = (op: Op): op is TiledOp => isReduction(op) && op !== 'logsumexp';

/** Numbers of an operand that is made at once, 8 MB of float32: large enough that the cost of a call does not count. */
export const LARGEST_SLICE = 2 ** 21;
/** A tensor with fewer axes is not worth slicing: its size is a product of two lengths. */
const LEAST_AXES = 3;

/** The axes of the operand, the operators of it that have them all, and what these are made from. */
interface Region {
  readonly op: TiledOp;
  readonly inside: ReadonlySet<Node>;
  readonly leaves: readonly Node[];
}

/** The reductions among the nodes that are to be computed from slices. `canBePart` tells what a slice may be made from. */
export function findTiles(
  graph: Graph,
  roots: readonly Node[],
  { order, host, usersOf }: Schedule,
  canBePart: (leaf: Node) => boolean = () => true,
): ReadonlyMap<Node, Tile> {
  const regions = new Map<Node, Region>();
  for (const node of order) {
    const region = regionOf(graph, node, host);
    if (region?.leaves.every(canBePart)) regions.set(node, region);
  }
  dropWhatIsMadeAnyway(regions, roots, usersOf);
  return new Map([...regions].map(([node, region]) => [node, tileOf(graph, node, region, host)]));
}

function regionOf(graph: Graph, node: Node, host: ReadonlySet<Node>): Region | undefined {
  const operand = node.args[0];
  if (!isTiled(node.op) || operand === undefined || axisCount(operand.axes) < LEAST_AXES) return undefined;
  if ((operand.axes & node.axis) === 0 || host.has(operand)) return undefined;
  if (findMatrixProduct(node) !== undefined || findRunningSum(node, graph.axes) !== undefined)
    return undefined;
  const inside = new Set<Node>([operand]);
  const leaves = new Set<Node>();
  for (const wide of inside) {
    if (!isElementwise(wide.op)) return undefined;
    for (const arg of wide.args) {
      if (arg.axes === operand.axes || isScaled(arg)) inside.add(arg);
      else if (arg.leaf?.kind === 'part') return undefined;
      else if (!host.has(arg)) leaves.add(arg);
    }
  }
  return { op: node.op, inside, leaves: [...leaves].sort((a, b) => a.id - b.id) };
}

/** A number times a value: the factor costs nothing where the value is used. */
const isScaled = (node: Node): boolean =>
  node.op === 'mul' && node.args.length === 2 && node.args[0]!.op === 'const';

/** Slices save nothing where an operand is needed whole by something else. */
function dropWhatIsMadeAnyway(
  regions: Map<Node, Region>,
  roots: readonly Node[],
  usersOf: Schedule['usersOf'],
): void {
  for (let changed = true; changed; ) {
    changed = false;
    const sliced = new Set([...regions.values()].flatMap(({ inside }) => [...inside]));
    for (const [node, { inside }] of regions) {
      const whole = wideNodes(node, inside).some(
        (wide) =>
          roots.includes(wide) || usersOf(wide).some((user) => !sliced.has(user) && !regions.has(user)),
      );
      if (whole) changed = regions.delete(node) || changed;
    }
  }
}

const wideNodes = (reduction: Node, inside: ReadonlySet<Node>): Node[] =>
  [...inside].filter((node) => node.axes === reduction.args[0]!.axes);

function tileOf(graph: Graph, node: Node, { op, inside, leaves }: Region, host: ReadonlySet<Node>): Tile {
  const made = new Map<Node, Node>();
  const placeholders = leaves.map((leaf, i) =>
    graph.make('input', [], {
      axes: leaf.axes,
      range: leaf.range,
      leaf: { kind: 'part', name: `(part ${i} of ${node.id})`, position: i, data: true },
    }),
  );
  for (const [i, leaf] of leaves.entries()) made.set(leaf, placeholders[i]!);
  const builder = new RawBuilder(graph);
  const get = (arg: Node): Node => (host.has(arg) ? arg : made.get(arg)!);
  for (const wide of [...inside].sort((a, b) => a.id - b.id))
    made.set(wide, rebuildNode(builder, wide, wide.args.map(get)));
  const reduction = rebuildNode(builder, node, [made.get(node.args[0]!)!]);
  return { op, along: axisIndex(node.axis), leaves, reduction, placeholders };
}
