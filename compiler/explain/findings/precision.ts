import type { CompiledLoss } from '../../compile.js';
import { BATCH } from '../../graph/axes.js';
import { type Node, reachable } from '../../graph/graph.js';
import { RawBuilder } from '../../graph/raw.js';
import { absolute, type Interval } from '../../interval/interval.js';
import type { ArrayBounds } from '../../interval/loss-bounds.js';
import { figure } from '../../words/sentence.js';
import type { Finding, Witness } from '../explanation.js';
import { refuted } from '../finding.js';
import { CANDIDATES, cannotTell, exactEnds, intervals } from '../probe/certain.js';
import { type Certain, Probe } from '../probe/probe.js';
import { legalValues } from '../probe/samples.js';
import { Sequence } from '../probe/sequence.js';
import { FLOAT32_MAX } from './saturation.js';

/** Items that are read. */
const ITEMS = 240;
/** Half the distance of float32 from 1 to the next number: what rounding may change, in relation. */
const ROUNDING = 2 ** -24;
/** What a value may be off, in relation to itself, or to 1 where it is smaller. */
const ACCURACY = 1e-5;
/** Sums of more terms are not taken apart. */
const MOST = 12;

/** `float32`: where legal inputs take value or gradient beyond float32, and where terms of the value cancel so far that digits are lost. */
export function explainPrecision(probe: Probe): Finding[] {
  const { compiled, world } = probe;
  if (compiled.scalar || compiled.coupled) return [];
  const count = probe.affordable(ITEMS);
  const sequence = new Sequence(7);
  const inputs = new Map(
    compiled.inputs.map((input) => [input.name, legalValues(input, world.sizes, count, sequence)] as const),
  );
  const { values, gradients } = probe.batch(count, inputs);
  const terms = outerTerms(compiled.value, new RawBuilder(compiled.lowered.graph)).filter(
    (term) => (term.axes & ~BATCH) === 0,
  );
  // Without predictions no derivative is read.
  const asData = compiled.inputs.map((input) => ({ ...input, data: true }));
  const readings =
    terms.length < 2 || terms.length > MOST
      ? []
      : terms.map((term) => {
          const part: CompiledLoss = { ...compiled, inputs: asData, value: term };
          return new Probe(part, world).batch(count, inputs).values;
        });
  const itemOf = (item: number): Witness => itemAt(inputs, item, count);
  const certainItem = (item: number): Certain => {
    const one = [...inputs].map(([name, data]): [string, ArrayBounds] => {
      const width = data.length / count;
      return [name, exactEnds(data.subarray(item * width, (item + 1) * width))];
    });
    return probe.certain(1, new Map(one));
  };
  return [
    ...beyond('value', values, itemOf, (item) => intervals(certainItem(item).values)[0]!),
    ...[...gradients].flatMap(([name, gradient]) =>
      beyond(
        `derivative with respect to "${name}"`,
        gradient,
        (at) => itemOf(Math.floor(at / probe.width(name))),
        (at) => {
          const width = probe.width(name);
          return intervals(certainItem(Math.floor(at / width)).gradients.get(name)!)[at % width]!;
        },
      ),
    ),
    ...cancelled(values, readings, itemOf),
  ];
}

/** The inputs of one item. */
function itemAt(inputs: ReadonlyMap<string, Float64Array>, item: number, count: number): Witness {
  const parts = [...inputs].map(([name, data]): [string, number | number[]] => {
    const width = data.length / count;
    const part = [...data.subarray(item * width, (item + 1) * width)];
    return [name, part.length === 1 ? part[0]! : part];
  });
  return Object.fromEntries(parts);
}

function beyond(
  what: string,
  numbers: Float64Array,
  inputsAt: (index: number) => Witness,
  certainAt: (index: number) => Interval,
): Finding[] {
  const base = { topic: 'finite', property: 'float32' } as const;
  const outside = [...numbers.keys()]
    .filter((at) => Math.abs(numbers[at]!) > FLOAT32_MAX && Number.isFinite(numbers[at]!))
    .sort((a, b) => Math.abs(numbers[b]!) - Math.abs(numbers[a]!))
    .slice(0, CANDIDATES);
  if (outside.length === 0 || !numbers.every((x) => Math.abs(x) !== Number.POSITIVE_INFINITY)) return [];
  const at = outside.find((index) => absolute(certainAt(index)).lo > FLOAT32_MAX);
  if (at === undefined) return [cannotTell(base, `the ${what} fits into float32`, 'at legal inputs')];
  const largest = Math.abs(numbers[at]!);
  return [
    refuted(
      base,
      `In float32, the ${what} becomes infinite at legal inputs, despite the guards.`,
      `It reaches ${figure(largest)}, and the largest float32 is 3.4e38: the guards leave room for sums and coefficients, not for inputs this large.`,
      { value: largest, witness: inputsAt(at) },
    ),
  ];
}

/** The terms that lost most to rounding, if any lost more than is said for all other losses. */
function cancelled(
  values: Float64Array,
  terms: readonly Float64Array[],
  inputsOf: (item: number) => Witness,
): Finding[] {
  let worst: { item: number; error: number; share: number; largest: number } | undefined;
  for (const [item, value] of values.entries()) {
    const largest = terms.reduce((most, term) => Math.max(most, Math.abs(term[item] ?? 0)), 0);
    const error = ROUNDING * largest;
    const share = error / Math.max(1, Math.abs(value));
    if (Number.isFinite(share) && share > Math.max(ACCURACY, worst?.share ?? 0))
      worst = { item, error, share, largest };
  }
  if (worst === undefined) return [];
  return [
    {
      topic: 'finite',
      property: 'float32',
      status: 'refuted',
      holds: false,
      statement: `In float32, the value can be off by more than ${figure(ACCURACY)} of its size: large terms cancel.`,
      reason: `Where it is ${figure(values[worst.item]!)}, one of its terms is ${figure(worst.largest)} in size, which float32 rounds by up to ${figure(worst.error)}.`,
      value: worst.error,
      witness: inputsOf(worst.item),
    },
  ];
}

/** The terms of a sum, also of one that is multiplied by parameters or constants. */
function outerTerms(root: Node, builder: RawBuilder): Node[] {
  const holdsInput = (node: Node): boolean => reachable([node]).some(({ op }) => op === 'input');
  if (root.op === 'add') return root.args.flatMap((arg) => outerTerms(arg, builder));
  const sum = root.op === 'mul' ? root.args.find((arg) => arg.op === 'add') : undefined;
  const others = root.args.filter((arg) => arg !== sum);
  if (sum === undefined || others.some(holdsInput)) return [root];
  return sum.args.flatMap((arg) => outerTerms(builder.mul([...others, arg]), builder));
}
