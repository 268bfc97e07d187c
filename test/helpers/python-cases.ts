/** What emitted Python is tried with: every loss of the corpus and the library, with inputs of several kinds, and what is right. */

import type { CompiledLoss } from '../../compiler/compile.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { signatureOf } from '../../compiler/evaluate/bind.js';
import { Binding } from '../../compiler/evaluate/binding.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import type { LoweredInput, ParameterValue } from '../../compiler/lower/lowered.js';
import type { Random } from '../../src/random.js';
import { compiledStandard, LOSSES } from '../stdlib/library.js';
import { CORPUS, compiledCorpus } from './corpus.js';
import { cornerInputs, type LegalInputs, legalInputs } from './legal-inputs.js';
import type { PythonJob } from './python.js';

export interface PythonCase extends PythonJob {
  readonly name: string;
  /** How much the sum of the results grows with each item's value. */
  readonly seeds: (items: number) => readonly number[];
}

/** Every loss of the corpus and the library, from probabilities and from logits. */
export function allLosses(): readonly { readonly name: string; readonly compiled: CompiledLoss }[] {
  const both = (name: string, compile: (fromLogits: boolean) => CompiledLoss) =>
    [false, true].flatMap((fromLogits) => {
      const compiled = compile(fromLogits);
      if (fromLogits && compiled.logits.length === 0) return [];
      return [{ name: `${name}${fromLogits ? ' from logits' : ''}`, compiled }];
    });
  return [
    ...CORPUS.flatMap((name) => both(name, (fromLogits) => compiledCorpus(name, { fromLogits }))),
    ...LOSSES.flatMap((name) => both(`std/${name}`, (fromLogits) => compiledStandard(name, fromLogits))),
  ];
}

/** Every parameter is given, and learnt where it can be. */
export function withParameters(compiled: CompiledLoss, given: ReadonlyMap<string, ParameterValue>) {
  const parameters = new Map(given);
  for (const parameter of compiled.parameters)
    if (!parameters.has(parameter.name)) parameters.set(parameter.name, parameter.default!);
  return { parameters, learnt: compiled.parameters.map(({ name }) => name) };
}

const ones = (items: number): readonly number[] => Array<number>(items).fill(1);
const mean = (items: number): readonly number[] => Array<number>(items).fill(1 / items);

/** Everyday inputs, the mean; gradients of all parameters too. */
export const everyday = (name: string, compiled: CompiledLoss, random: Random): PythonCase => {
  const { inputs, parameters } = legalInputs(compiled, random);
  return { name, compiled, inputs, ...withParameters(compiled, parameters), seeds: mean };
};

/** Inputs at the edges of their domains, the sum. */
export const corners = (name: string, compiled: CompiledLoss, random: Random): PythonCase => ({
  name: `${name}, at the corners`,
  compiled,
  ...cornerInputs(compiled, random),
  ...(!compiled.scalar && { options: { reduction: 'sum' } }),
  seeds: ones,
});

/** Inputs that meet at kinks: many entries are equal, or equal to a parameter's usual value; every item is kept. */
export const kinks = (name: string, compiled: CompiledLoss, random: Random): PythonCase => {
  const { inputs, parameters } = legalInputs(compiled, random);
  const rounded = new Map<string, NumberArray>();
  for (const input of compiled.inputs) {
    const { shape, data } = inputs.get(input.name)!;
    rounded.set(input.name, { shape, data: data.map((x) => nearby(input, x, random)) });
  }
  return {
    name: `${name}, at kinks`,
    compiled,
    inputs: rounded,
    parameters,
    ...(!compiled.scalar && { options: { reduction: 'none' } }),
    seeds: ones,
  };
};

function nearby({ domain, node }: LoweredInput, x: number, random: Random): number {
  switch (domain) {
    case 'real':
    case 'logits':
      return random.pick([-1, 0, 0, 1, 1, 2]);
    case 'positive':
      return random.pick([0.5, 1, 1, 2]);
    case 'nonnegative':
      return random.pick([0, 0.5, 1, 1, 2]);
    case 'unit':
      return random.pick([0, 0.5, 0.5, 1]);
    case 'between':
      // At the very ends the slope of acos is a rounding error times infinity.
      return (node.range.lo + node.range.hi) / random.pick([2, 4]) || 0;
    default:
      return x;
  }
}

/** Weights for the items, some of them 0, and the mean that they weight; labels instead of rows where they may be given. */
export const weighted = (name: string, compiled: CompiledLoss, random: Random): PythonCase => {
  const labelled = labels(compiled, legalInputs(compiled, random));
  if (compiled.scalar) return { name: `${name}, labels`, compiled, ...labelled, seeds: ones };
  const items = itemCount(compiled, labelled);
  const weights = Array.from({ length: items }, (_, i) => (i % 3 === 1 ? 0 : i + 0.5));
  const reduction = random.pick(['mean', 'weightedMean', 'sum', 'none'] as const);
  const by = { mean: items, weightedMean: weights.reduce((a, b) => a + b, 0), sum: 1, none: 1 }[reduction];
  return {
    name: `${name}, weights and ${reduction}`,
    compiled,
    ...labelled,
    options: { reduction, sample_weight: weights },
    seeds: () => weights.map((weight) => weight / by),
  };
};

/** Inputs on onehot as labels, where the rows have a single 1. */
function labels(
  compiled: CompiledLoss,
  { inputs, parameters }: LegalInputs,
): LegalInputs & { whole: readonly string[] } {
  const given = new Map(inputs);
  const whole: string[] = compiled.inputs
    .filter(({ data, domain }) => data && domain === 'integer')
    .map(({ name }) => name);
  for (const input of compiled.inputs) {
    if (input.labelAxis === undefined || input.domain !== 'onehot') continue;
    const { shape, data } = inputs.get(input.name)!;
    const classes = shape.at(-1)!;
    const rows = Array.from({ length: data.length / classes }, (_, i) =>
      data.subarray(i * classes, (i + 1) * classes),
    );
    given.set(input.name, {
      shape: shape.slice(0, -1),
      data: Float64Array.from(rows.map((row) => row.indexOf(1))),
    });
    whole.push(input.name);
  }
  return { inputs: given, parameters, whole };
}

const bindingOf = (
  compiled: CompiledLoss,
  inputs: LegalInputs['inputs'],
  parameters: LegalInputs['parameters'],
): Binding => new Binding(signatureOf(compiled), inputs, parameters);

const itemCount = (compiled: CompiledLoss, { inputs, parameters }: LegalInputs): number =>
  bindingOf(compiled, inputs, parameters).count;

export interface Right {
  /** Of each item, or of the batch. */
  readonly values: Float64Array;
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

/** Values and gradients by the reference evaluation in float64. */
export function rightFor({ compiled, inputs, parameters, seeds }: PythonCase): Right {
  const bound = bindingOf(compiled, inputs, parameters);
  const weights = Float64Array.from(seeds(bound.count));
  const results = evaluate(compiled.lowered.graph, [compiled.value, ...compiled.gradients.values()], {
    sizes: bound.sizes,
    leaf: (node) =>
      node.leaf!.kind === 'seed' ? { axes: node.axes, data: weights } : bound.leaf(node, bound.counts),
  });
  const values = results.get(compiled.value)!.data;
  const gradients = new Map(
    [...compiled.gradients].map(([name, node]) => [name, bound.shaped(name, results.get(node)!).data]),
  );
  return { values, gradients };
}

/** What the call gives: one number, or the items where nothing is reduced. */
export function expectedValue({ compiled, seeds, options }: PythonCase, { values }: Right): number[] {
  if (compiled.scalar) return [...values];
  const all = seeds(values.length).map((seed, i) => (seed === 0 ? 0 : seed * values[i]!));
  return options?.['reduction'] === 'none' ? all : [all.reduce((a, b) => a + b, 0)];
}
