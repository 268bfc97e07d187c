import type { CompiledLoss } from '../../compiler/compile.js';
import type { LoweredParameter, ParameterValue } from '../../compiler/lower/lowered.js';
import { flat } from '../../compiler/lower/parameter-value.js';

/** The parameters of a loss in its order: numbers, and lists as long as their axes. */
export type ParameterNumbers = readonly (number | readonly number[])[];

/**
 * The numbers of the parameters for a count of classes, remembered. They are trusted to be in their domains. The one that is called
 * `changing` has another number each time.
 */
export function parameterNumbers(
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>>,
  changing?: string,
): (classes: number, number?: number) => ParameterNumbers {
  const place = compiled.parameters.findIndex(({ name }) => name === changing);
  const byClasses = new Map<number, ParameterNumbers>();
  const fixed = (classes: number): ParameterNumbers => {
    const known = byClasses.get(classes);
    if (known !== undefined) return known;
    const made = compiled.parameters.map((parameter) => numbersOf(compiled, parameter, given, classes));
    byClasses.set(classes, made);
    return made;
  };
  return (classes, number) =>
    place < 0 || number === undefined ? fixed(classes) : fixed(classes).with(place, number);
}

function numbersOf(
  compiled: CompiledLoss,
  parameter: LoweredParameter,
  given: Readonly<Record<string, ParameterValue>>,
  classes: number,
): number | readonly number[] {
  const value = givenValue(parameter, given);
  if (parameter.axes.length === 0) return value as number;
  if (typeof value !== 'number') return flat(value);
  const size = compiled.lowered.graph.axes.get(parameter.axes[0]!).size ?? classes;
  return Array<number>(size).fill(value);
}

/** What does not depend on the count of classes: undefined for one number that stands for a list. */
export function fixedNumbers(
  parameter: LoweredParameter,
  given: Readonly<Record<string, ParameterValue>>,
): number | readonly number[] | undefined {
  const value = givenValue(parameter, given);
  if (parameter.axes.length === 0) return value as number;
  return typeof value === 'number' ? undefined : flat(value);
}

const givenValue = (
  { name, default: initial }: LoweredParameter,
  given: Readonly<Record<string, ParameterValue>>,
): ParameterValue => (Object.hasOwn(given, name) ? given[name] : initial) ?? Number.NaN;
