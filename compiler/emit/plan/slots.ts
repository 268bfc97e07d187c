import type { CompiledLoss } from '../../compile.js';
import { axisIndices } from '../../graph/axes.js';
import { schedule } from './schedule.js';

/** The axes that have a dimension in every tensor of value and gradients, ascending. */
export function slotsOf(compiled: CompiledLoss): number[] {
  let axes = 1;
  for (const node of schedule([compiled.value, ...compiled.gradients.values()]).order)
    axes |= node.axes | node.axis | node.to;
  for (const input of compiled.inputs) axes |= input.node.axes;
  return axisIndices(axes);
}
