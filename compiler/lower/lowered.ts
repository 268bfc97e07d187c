import type { Graph, Node } from '../graph/graph.js';
import type { Range } from '../operators/range.js';
import type { DomainName } from '../resolve/domains.js';
import type { Role } from './roles.js';

/** An input of a lowered loss, as its signature declares it. */
export interface LoweredInput {
  readonly name: string;
  readonly position: number;
  /** Data: no gradient, never turned from logits. */
  readonly data: boolean;
  /** What it is to the loss; at most one input is the target. Everything but a prediction is data. */
  readonly role: Role;
  readonly domain: DomainName;
  /** Any shape (`any`), any axes in front of the named ones (`rest`), or exactly batch and the named axes. */
  readonly items: 'any' | 'rest' | 'exact';
  /** Indices of the named axes in tensor order. */
  readonly axes: readonly number[];
  /** The axis that stands for several (`pixel...`), if there is one. */
  readonly many: number | undefined;
  /** Along this axis the values of a `probability` or `onehot` add up to 1; it need not be the last. */
  readonly simplexAxis: number | undefined;
  /** May be given as integer labels, without this axis: the `simplexAxis` of data. */
  readonly labelAxis: number | undefined;
  /** `integer` data that is each item's position along this axis and nothing else: labels too, which never stand for rows. */
  readonly indexAxis: number | undefined;
  /** What turns logits into this input; predictions only. */
  readonly activation: 'softmax' | 'sigmoid' | undefined;
  readonly node: Node;
}

/** A number, or numbers along axes. */
export type ParameterValue = number | readonly ParameterValue[];

/** A parameter of a lowered loss, as its signature declares it. */
export interface LoweredParameter {
  readonly name: string;
  readonly position: number;
  readonly domain: DomainName;
  readonly range: Range;
  readonly axes: readonly number[];
  readonly default: ParameterValue | undefined;
  readonly node: Node;
}

/** A loss as a graph: what check has accepted and every later pass works on. */
export interface LoweredLoss {
  readonly name: string;
  readonly doc: string;
  readonly graph: Graph;
  readonly inputs: readonly LoweredInput[];
  readonly parameters: readonly LoweredParameter[];
  /** What the names that the body gives to values stand for. */
  readonly lets: ReadonlyMap<string, Node>;
  /** One number per item (axes: batch), or one number when the body reduces the batch away. */
  readonly value: Node;
}
