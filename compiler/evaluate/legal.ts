/** Which of the numbers that a loss is given are outside the domains that it declares: it trusts them, and what it gives may be wrong. */
import type { CompiledLoss } from '../compile.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
import { contains } from '../lower/parameter-value.js';
import { DOMAINS } from '../resolve/domains.js';
import type { NumberArray } from './binding.js';
import { classesOf, type Given, rowSums, shapeOfLabels } from './labels.js';

/** Something illegal of one input: a sentence without the name of the loss, and what to do. */
export interface Illegal {
  readonly input: string;
  readonly kind: 'number' | 'row';
  readonly message: string;
  readonly hint: string | undefined;
}

/** What is known of a loss here: `logits` are the names of predictions before softmax or sigmoid. */
export interface Declared extends Pick<CompiledLoss, 'inputs' | 'logits'> {
  readonly lowered: Pick<LoweredLoss, 'graph'>;
}

/** What the sum of a row may be off 1 by: the digits that people write. */
const ROW_TOLERANCE = 1e-4;

/** The first illegal entry or row of each input, for inputs that fit the loss. */
export function illegalInputs(
  compiled: Declared,
  inputs: ReadonlyMap<string, NumberArray>,
): readonly Illegal[] {
  const { axes } = compiled.lowered.graph;
  const all = compiled.inputs.map((input): Given => ({ input, shape: inputs.get(input.name)!.shape }));
  return all.flatMap((given) => {
    const { input, shape } = given;
    const { data } = inputs.get(input.name)!;
    // Binding has looked at labels: one outside the classes is an error.
    const classes = input.labelAxis && classesOf(input, axes, [], all);
    if (shapeOfLabels(given, classes, all) !== undefined) return [];
    const logits = compiled.logits.includes(input.name);
    const outside = outsideDomain(input, shape, data);
    if (outside !== undefined) return [outside];
    const axis = logits ? undefined : input.simplexAxis;
    return axis === undefined ? [] : unevenRow(input, axes.get(axis).name, shape, data);
  });
}

function outsideDomain(
  { name, domain, node }: LoweredInput,
  shape: readonly number[],
  data: Float64Array,
): Illegal | undefined {
  const { range } = node;
  const open = range.lo === -Infinity && range.hi === Infinity && !range.integer;
  // NaN and the infinities are how people mark what a loss leaves out.
  const at = open ? -1 : data.findIndex((x) => !contains(range, x));
  if (at < 0) return undefined;
  const more = data.reduce((count, x) => (contains(range, x) ? count : count + 1), -1);
  const others = more === 0 ? '' : `, as are ${more} more`;
  const means =
    domain === 'between' ? `between(${range.lo}, ${range.hi})` : `${domain}: ${DOMAINS[domain].doc}`;
  return {
    input: name,
    kind: 'number',
    message: `"${name}" is ${means}; ${data[at]} at ${place(at, shape)} is outside${others}`,
    hint: undefined,
  };
}

function unevenRow(
  input: LoweredInput,
  axis: string,
  shape: readonly number[],
  data: Float64Array,
): readonly Illegal[] {
  const sums = rowSums(input, shape, data);
  const row = sums.findIndex((sum) => !(Math.abs(sum - 1) <= ROW_TOLERANCE));
  if (row < 0) return [];
  const sum = Number(sums[row]!.toPrecision(6));
  return [
    {
      input: input.name,
      kind: 'row',
      message: `"${input.name}" is ${input.domain}, so it must sum to 1 along "${axis}"; row ${row} sums to ${sum}`,
      hint:
        input.activation === undefined
          ? input.domain === 'onehot'
            ? 'one entry must be 1 and the others 0; for soft targets, declare it as probability'
            : 'divide by the sum'
          : 'divide by the sum, or use --from-logits for the output of a network before softmax',
    },
  ];
}

/** The place of an entry as indexes, outermost first. */
function place(at: number, shape: readonly number[]): string {
  const indexes: number[] = [];
  let left = at;
  for (const length of shape.toReversed()) {
    indexes.unshift(left % length);
    left = Math.floor(left / length);
  }
  return `[${indexes.join(', ')}]`;
}
