import type { Op } from '../operators/order.js';
import type { Range } from '../operators/range.js';
import type { AxisSet } from './axes.js';
import type { Constant, Exact } from './exact.js';

/**
 * What a leaf is: given with a call; given before softmax or sigmoid, so that it may have any sign; what is to fill the hole of
 * a sketch; how much each item counts; a part of a slice, computed outside.
 */
type LeafKind = 'given' | 'logits' | 'hole' | 'seed' | 'part';

/** What a leaf stands for. Leaves of one name and different kinds are different. */
export interface Leaf {
  readonly kind: LeafKind;
  readonly name: string;
  /** Its place in the signature, which names do not change; 0 where it has none. */
  readonly position: number;
  /** Along this axis the values of every item are a simplex (`probability`) or a single 1 (`onehot`). */
  readonly simplex?: { readonly axis: AxisSet; readonly onehot: boolean };
  /** Data gets no gradient. */
  readonly data: boolean;
}

/** An operator with its arguments, or a leaf, in a graph. Made by `Graph.make` alone and never changed. */
export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly args: readonly Node[];
  /** Axes of the value. */
  readonly axes: AxisSet;
  readonly range: Range;
  /** Number of nodes of the tree it unfolds to, at most 2^30. */
  readonly weight: number;
  /** A constant's value; the order of `polygamma`. */
  readonly value: number;
  readonly exact: Exact | undefined;
  /** Axes that a reduction takes away; the axis of softmax, size, index, at; the old axis of rename. */
  readonly axis: AxisSet;
  /** The new axis of rename. */
  readonly to: AxisSet;
  readonly leaf: Leaf | undefined;
  /** Values of a literal, row by row over its axes ascending. */
  readonly data: readonly number[] | undefined;
  /** Nodes with the same hash, and what the algebra has found out about this one. */
  readonly cache: NodeCache;
}

interface NodeCache {
  next: Node | undefined;
  split: { readonly coefficient: Constant; readonly rest: Node | undefined } | undefined;
  /** Of a sum: a term has a factor that could cancel one outside. */
  quotient: boolean | undefined;
  /** Operators of this node and all below it, as bits that some of them share. */
  below: number | undefined;
  /** A hash of what it is made of, whatever its nodes are called. */
  structure: number | undefined;
}

/** What `make` needs beside operator and arguments. */
export interface Attributes {
  readonly axes?: AxisSet;
  readonly range?: Range;
  readonly value?: number;
  readonly exact?: Exact | undefined;
  readonly axis?: AxisSet;
  readonly to?: AxisSet;
  readonly leaf?: Leaf;
  readonly data?: readonly number[];
}
