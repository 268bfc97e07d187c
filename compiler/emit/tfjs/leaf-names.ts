import type { Node } from '../../graph/graph.js';

/** What leaves are called in the emitted code. */
export interface LeafNames {
  /** Expression of an input's tensor, in slot form. */
  readonly input: (node: Node) => string;
  /** Expression of an input of whole numbers as it is given, in slot form. */
  readonly whole: (node: Node) => string;
  /** Expression of a parameter as number or list. */
  readonly parameter: (node: Node) => string;
  /** Expression of the length of an axis. */
  readonly size: (axis: number) => string;
  /** How a parameter's own axes have to be turned to ascend; undefined when they do. */
  readonly order: (node: Node) => string | undefined;
}
