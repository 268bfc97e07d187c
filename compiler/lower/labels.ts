import { BATCH } from '../graph/axes.js';
import { couplesItems } from '../graph/coupling.js';
import type { Graph, Node } from '../graph/graph.js';
import { positionsOf } from './label-marks.js';
import type { LoweredInput, LoweredLoss } from './lowered.js';

/** The label that leaves its item out, unless another one is chosen: the mark of PyTorch and Hugging Face. */
export const IGNORED_LABEL = -100;

/** The axis that labels of this input count along: of rows that they stand for, or that they are positions on. */
export const labelledAxis = ({ labelAxis, indexAxis }: LoweredInput): number | undefined =>
  labelAxis ?? indexAxis;

const isLabelled = (input: LoweredInput): boolean => labelledAxis(input) !== undefined;

/** The axes that an input has beside the items when it is given by labels. */
export const axesOfLabels = ({ axes, labelAxis }: LoweredInput): readonly number[] =>
  axes.filter((axis) => axis !== labelAxis);

/** Where a dimension of an axis stands in a shape: counted from the front, or from the end behind what may be several. */
export function dimensionOf({ axes, items, many }: LoweredInput, axis: number): number {
  const at = axes.indexOf(axis);
  const fromFront = items === 'exact' && (many === undefined || at <= axes.indexOf(many));
  return fromFront ? 1 + at : at - axes.length;
}

/**
 * Whether an ignored label of this input leaves its item out: there is one label for each item, and no item depends on another.
 * Elsewhere nothing can be left out, and what the label stands for is not a number.
 */
export const ignoresItems = ({ graph, value }: LoweredLoss, input: LoweredInput): boolean =>
  isLabelled(input) && axesOfLabels(input).length === 0 && areItemsApart(graph, value);

const areItemsApart = (graph: Graph, value: Node): boolean =>
  (value.axes & BATCH) !== 0 && !couplesItems(graph.axes, value);

/** The inputs with the axis that each of `integer` data is a position on: one label for each item. */
export const withIndexAxes = (inputs: readonly LoweredInput[], graph: Graph, value: Node): LoweredInput[] =>
  inputs.map((input) => {
    const axis = input.axes.length === 0 ? positionsOf(graph, value, input)?.lookedUpOn : undefined;
    return axis === undefined || !areItemsApart(graph, value) ? input : { ...input, indexAxis: axis };
  });
