import type { CompiledLoss } from '../../compile.js';
import { comparedInputs } from '../plan/whole-numbers.js';
import type { Names } from '../print/names.js';
import { propertyNames } from './property-names.js';

/** What a module calls the inputs, parameters and axes of its loss. */
export interface Vocabulary {
  readonly inputs: readonly string[];
  readonly parameters: readonly string[];
  /** By position of an input: its whole numbers as they are given. */
  readonly wholes: ReadonlyMap<number, string>;
  /** What a parameter is called among the options, and a parameter or prediction among the gradients. */
  readonly property: (name: string) => string;
  /** Variable with the length of an axis, or the length itself; by axis. A copy made by `rename` has that of its root. */
  readonly size: (axis: number) => string;
}

/** Words that the functions of a module use for themselves. */
export const LOCAL_WORDS = [
  'options',
  'read',
  'seed',
  'items',
  'values',
  'predictions',
  'given',
  'weights',
  'checked',
  'counts',
];

export function vocabulary(compiled: CompiledLoss, names: Names): Vocabulary {
  const inputs = compiled.inputs.map((input) => names.take(input.name));
  const parameters = compiled.parameters.map((parameter) => names.take(parameter.name));
  const wholes = new Map(
    comparedInputs(compiled).map(({ name, position }) => [position, names.take(`${name}Whole`)]),
  );
  const { axes } = compiled.lowered.graph;
  const sizes = axes.all.map((axis, index) =>
    axis.root === index && axis.size === undefined ? names.take(`${axis.name.replace(/\W/g, '_')}Size`) : '',
  );
  const properties = propertyNames(compiled);
  return {
    inputs,
    parameters,
    wholes,
    property: (name) => properties.get(name)!,
    size: (axis) => {
      const info = axes.get(axis);
      return info.size === undefined ? sizes[info.root]! : String(info.size);
    },
  };
}
