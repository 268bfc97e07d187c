import type { CompiledLoss } from '../../compile.js';
import type { LoweredParameter, ParameterValue } from '../../lower/lowered.js';
import { flat } from '../../lower/parameter-value.js';
import { slotsOf } from '../plan/slots.js';
import { isWholeData } from '../plan/whole-tensors.js';
import { BodyEmitter } from './body.js';
import type { LossScope } from './operators.js';
import { floats, type Value } from './scope.js';
import { fromSlots, toSlots } from './slots.js';

/** What a loss is given inside of a larger graph, in which every length is a number. */
export interface GivenWithin {
  /** The inputs of the loss in its order, in float32: `[items, …]` with the axes that each has. */
  readonly inputs: readonly Value[];
  readonly items: number;
  /** The length of the axis of the prediction and the target. */
  readonly classes: number;
  /** Values of parameters, trusted to be in their domains; its default for each that is left out. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Parameters without axes that are values of the graph instead. */
  readonly values?: Readonly<Record<string, Value>>;
}

/**
 * The nodes of a loss that was compiled with `plainMean`, in a scope that has others: the mean over the items, without dimensions, and its
 * derivative by the one prediction, in the shape of that.
 */
export function lossWithin(
  scope: LossScope,
  compiled: CompiledLoss,
  given: GivenWithin,
): { readonly value: Value; readonly gradient: Value } {
  const { inputs, parameters, gradients, value } = compiled;
  const { graph } = compiled.lowered;
  const slots = slotsOf(compiled);
  const givenFor = ({ name, default: initial }: LoweredParameter): ParameterValue =>
    (Object.hasOwn(given.parameters, name) ? given.parameters[name] : initial) ?? Number.NaN;
  const lengths = axisLengths(compiled, given, givenFor);
  const lengthOf = (axis: number): number => {
    const { size, root } = graph.axes.get(axis);
    return size ?? lengths.get(root)!;
  };
  const read = inputs.map((input, i) => {
    const x = given.inputs[i]!;
    const own = isWholeData(input.node) ? scope.cast(x, 'int64') : x;
    return toSlots(scope, slots, [0, ...input.axes], own);
  });
  const told = parameters.map((parameter) => {
    const { axes, name } = parameter;
    if (given.values !== undefined && Object.hasOwn(given.values, name)) return given.values[name]!;
    const numbers = flat(givenFor(parameter));
    if (axes.length === 0) return scope.number(numbers[0]!);
    const shape = axes.map(lengthOf);
    const size = shape.reduce((product, length) => product * length, 1);
    const all = numbers.length === 1 ? Array<number>(size).fill(numbers[0]!) : numbers;
    return toSlots(scope, slots, axes, scope.tensor(floats(shape, all)));
  });
  const [derivative] = gradients.values();
  const [total, found] = new BodyEmitter(scope, graph, [value, derivative!], slots, {
    leaf: ({ op, leaf }) => (op === 'parameter' ? told : read)[leaf!.position]!,
    size: (axis) => scope.list([lengthOf(axis)]),
  }).emit();
  const prediction = inputs.find((input) => !input.data)!;
  const axes = [0, ...prediction.axes];
  const full = slots.map((axis) => (axes.includes(axis) ? lengthOf(axis) : 1));
  const spread = scope.op('Expand', [found!, scope.list(full)]);
  return {
    value: scope.op('ReduceMean', [total!], { keepdims: 0 }),
    gradient: fromSlots(scope, slots, axes, spread),
  };
}

/** The lengths of axes that the loss leaves open: those of its inputs, and of lists that are given for parameters. */
function axisLengths(
  { inputs, parameters, lowered }: CompiledLoss,
  { items, classes }: GivenWithin,
  givenFor: (parameter: LoweredParameter) => ParameterValue,
): ReadonlyMap<number, number> {
  const rootOf = (axis: number): number => lowered.graph.axes.get(axis).root;
  const lengths = new Map([[0, items]]);
  for (const axis of inputs.flatMap((input) => input.axes)) lengths.set(rootOf(axis), classes);
  for (const parameter of parameters) {
    let list = givenFor(parameter);
    for (const axis of parameter.axes) {
      if (typeof list === 'number') break;
      if (!lengths.has(rootOf(axis))) lengths.set(rootOf(axis), list.length);
      list = list[0]!;
    }
  }
  return lengths;
}
