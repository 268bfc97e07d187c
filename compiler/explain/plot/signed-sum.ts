import { type CompiledLoss, compileLowered } from '../../compile.js';
import { differentiate } from '../../differentiate/differentiate.js';
import { BATCH } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { rebuild } from '../../graph/rebuild.js';
import type { LoweredInput, LoweredLoss } from '../../lower/lowered.js';
import { simplifyingAlgebra } from '../../passes/simplify.js';
import { figure } from '../../words/sentence.js';
import { Probe } from '../probe/probe.js';
import { fillerOf, worldOf } from '../probe/world.js';
import type { SampledLine, SampledLoss } from './line.js';
import { statedOf } from './stated.js';

/** An input of a sum, and whether it is added or subtracted. */
interface Term {
  readonly input: LoweredInput;
  readonly sign: 1 | -1;
}

/**
 * Farthest sums on either side. Preference losses multiply theirs by 0.05 to 0.1 (Rafailov et al. 2023, section 6; Lu et al. 2024), and
 * bend where the product is near 1.
 */
const FARTHEST = 20;
const POINTS = 321;

/**
 * A loss of two or more predictions that depends on one signed sum of its inputs, such as the lead of a chosen answer over a rejected
 * one: values and slopes along that sum. Undefined for a loss that is a function of no such sum.
 */
export function sampleSignedSum(loss: LoweredLoss): SampledLoss | undefined {
  const compiled = compileLowered(loss);
  const predictions = compiled.inputs.filter((input) => !input.data);
  const isItem = compiled.inputs.every(({ axes }) => axes.length === 0);
  if (predictions.length < 2 || !isItem || compiled.scalar || compiled.coupled) return undefined;
  const terms = termsOf(compiled);
  if (terms === undefined) return undefined;
  return {
    loss: loss.name,
    along: 'sum',
    classes: undefined,
    axis: textOf(terms),
    lines: [lineOf(compiled, terms)],
  };
}

const isSummed = ({ domain }: LoweredInput): boolean => domain === 'real' || domain === 'logits';

/**
 * The inputs of the sum, predictions first: those of which the derivatives are one another, or one another with the other sign, as
 * formulas. Inputs on other domains, such as lengths, are given.
 */
function termsOf(compiled: CompiledLoss): readonly Term[] | undefined {
  const summed = compiled.inputs.filter(isSummed).toSorted((a, b) => Number(a.data) - Number(b.data));
  const [first] = summed;
  if (first === undefined || compiled.inputs.some((input) => !input.data && !isSummed(input)))
    return undefined;
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const given = new Map<Node, Node>();
  for (const input of compiled.inputs)
    if (!isSummed(input)) given.set(input.node, algebra.constant(fillerOf(input, [], 1)[0]!));
  const [value] = rebuild(algebra, [compiled.formula.value], (node) => given.get(node));
  if ((value!.axes & ~BATCH) !== 0) return undefined;
  const nodes = summed.map(({ node }) => node);
  const slopes = differentiate(algebra, value!, nodes, algebra.constant(1));
  const own = slopes[0]!;
  if (own.op === 'const') return undefined;
  const terms = slopes.map((slope, i): Term | undefined => {
    if (slope === own) return { input: summed[i]!, sign: 1 };
    const sum = algebra.add([slope, own]);
    return sum.op === 'const' && sum.value === 0 ? { input: summed[i]!, sign: -1 } : undefined;
  });
  return terms.every((term) => term !== undefined) ? terms : undefined;
}

/** The sum as it is written; its first term is added. */
const textOf = (terms: readonly Term[]): string =>
  terms.map(({ input, sign }, i) => `${i === 0 ? '' : sign > 0 ? ' + ' : ' \u2212 '}${input.name}`).join('');

function lineOf(compiled: CompiledLoss, terms: readonly Term[]): SampledLine {
  const world = worldOf(compiled.lowered, undefined, 1);
  const x = Array.from({ length: POINTS }, (_, i) => (2 * i * FARTHEST) / (POINTS - 1) - FARTHEST);
  const [lead, ...others] = terms.map(({ input }) => input);
  const still = new Float64Array(POINTS);
  const inputs = new Map([
    [lead!.name, Float64Array.from(x)],
    ...others.map(({ name }): [string, Float64Array] => [name, still]),
  ]);
  const { values, gradients } = new Probe(compiled, world).batch(POINTS, inputs);
  const given = compiled.inputs.filter((input) => !isSummed(input));
  const note = given.map((input) => `${input.name} ${figure(fillerOf(input, [], 1)[0]!)}`).join(', ');
  const texts = new Map(terms.map(({ input }) => [input.name, [input === lead ? 'x' : '0']]));
  const stated = statedOf(compiled, world, 1, texts);
  return { note, x, values: [...values], slopes: [...gradients.get(lead!.name)!], stated };
}
