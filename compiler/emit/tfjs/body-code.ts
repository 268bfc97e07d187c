/** What the emitter of a body lends to the files that write arithmetic, choices, matrix products and what works along axes. */
import type { Node } from '../../graph/graph.js';
import type { HelperName } from '../helpers/helpers.js';
import type { Scale } from '../print/infix.js';
import type { Call } from './calls.js';
import type { HostPrinter } from './host-printer.js';

/** A value as a number times a tensor; without a tensor it is the number alone. */
export interface Scaled {
  readonly scale: Scale;
  readonly call: Call | undefined;
}

/** Makes a call: what its variable is called if it needs one, what is called, arguments, and the helpers that it needs. */
export type Make = (
  hint: string,
  head: string,
  args: readonly (Call | string)[],
  helpers?: readonly HelperName[],
) => Call;

/** What sums, products and powers are made with. */
export interface ArithmeticCode {
  readonly host: HostPrinter;
  readonly isHost: (node: Node) => boolean;
  readonly make: Make;
  readonly value: (node: Node) => Scaled;
  /** The value as a tensor expression, or as the text of a number. */
  readonly materialise: (value: Scaled) => Call | string;
  readonly get: (node: Node) => Call | string;
}
