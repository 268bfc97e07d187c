/** Which of the whole numbers that a loss is given cannot be what they stand for: no number at all, or a position that is none. */
import type { Graph, Node } from '../graph/graph.js';
import { positionsOf } from '../lower/label-marks.js';
import type { LoweredInput, LoweredLoss, LoweredParameter, ParameterValue } from '../lower/lowered.js';
import { BindError, type NumberArray } from './binding.js';
import { strideOf } from './labels.js';

/** What has to be known of a loss. */
export interface Looked {
  readonly name: string;
  readonly inputs: readonly LoweredInput[];
  readonly parameters: readonly LoweredParameter[];
  readonly lowered: Pick<LoweredLoss, 'graph' | 'value'>;
}

type Parameters = ReadonlyMap<string, ParameterValue>;

/** Throws `BindError` for the first number that an input of whole numbers may not hold. The inputs fit the loss. */
export function demandWholeNumbers(
  loss: Looked,
  inputs: ReadonlyMap<string, NumberArray>,
  parameters: Parameters,
): void {
  for (const input of loss.inputs) {
    if (!input.data || input.domain !== 'integer') continue;
    const problem = problemOf(loss, input, inputs, parameters);
    if (problem !== undefined) throw new BindError(problem, input.name, loss.name);
  }
}

function problemOf(
  loss: Looked,
  input: LoweredInput,
  inputs: ReadonlyMap<string, NumberArray>,
  parameters: Parameters,
): string | undefined {
  const { data } = inputs.get(input.name)!;
  const broken = data.findIndex((x) => !Number.isInteger(x));
  if (broken >= 0)
    return `"${input.name}" holds ${data[broken]} (entry ${broken}), but it is integer: use whole numbers`;
  const { graph, value } = loss.lowered;
  const positions = positionsOf(graph, value, input);
  const length = positions && lengthOf(loss, graph, positions.axis, inputs, parameters);
  if (positions === undefined || length === undefined) return undefined;
  const last = positions.oneMore ? length : length - 1;
  const marks = positions.marks.flatMap((mark) => valuesOf(loss, mark, parameters));
  const at = data.findIndex((x) => (x > last || (x < 0 && !positions.ordered) ? !marks.includes(x) : false));
  if (at < 0) return undefined;
  const outside = marks.filter((mark) => mark < 0 || mark > last);
  const out =
    outside.length === 0 ? '' : `, or is ${[...new Set(outside)].join(' or ')} where the loss leaves it out`;
  const range = last === 0 ? 'is 0' : `goes from 0 to ${last}`;
  return `"${input.name}" holds the label ${data[at]} (entry ${at}), and a label of "${graph.axes.get(positions.axis).name}" ${range}${out}`;
}

function valuesOf(loss: Looked, mark: Node, parameters: Parameters): number[] {
  if (mark.op === 'const') return [mark.value];
  const parameter = loss.parameters[mark.leaf!.position]!;
  const value = parameters.get(parameter.name) ?? parameter.default;
  return typeof value === 'number' ? [value] : [];
}

/** How long an axis is: as declared, or as the values of an input or a parameter tell. */
function lengthOf(
  loss: Looked,
  graph: Graph,
  axis: number,
  inputs: ReadonlyMap<string, NumberArray>,
  parameters: Parameters,
): number | undefined {
  const { size } = graph.axes.get(axis);
  if (size !== undefined) return size;
  const input = loss.inputs.find((one) => one.axes.includes(axis) && one.labelAxis === undefined);
  if (input !== undefined) return strideOf(input, axis, inputs.get(input.name)!.shape).length;
  for (const parameter of loss.parameters) {
    let level = parameters.get(parameter.name) ?? parameter.default;
    for (const own of parameter.axes) {
      if (level === undefined || typeof level === 'number') break;
      if (own === axis) return level.length;
      level = level[0];
    }
  }
  // Along the items there are as many as any input has.
  return axis === 0 ? inputs.values().next().value?.shape[0] : undefined;
}
