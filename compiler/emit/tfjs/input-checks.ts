import type { Graph } from '../../graph/graph.js';
import { dimensionOf } from '../../lower/labels.js';
import type { LoweredInput } from '../../lower/lowered.js';
import type { DomainName } from '../../resolve/domains.js';
import type { HelperName } from '../helpers/helpers.js';
import { numberText, stringText } from '../print/literals.js';

/** A statement, and the helpers that it calls. */
interface Check {
  readonly text: string;
  readonly helpers: readonly HelperName[];
}

/** The checks of an input that is not given by labels: each number is in its domain, and rows of a simplex add up to 1. */
export function inputChecks(input: LoweredInput, tensor: string, graph: Graph): Check[] {
  const name = stringText(input.name);
  const fits = `(x) => ${membership(input, tensor)}`;
  const numbers = {
    text: `checkInput(${name}, ${tensor}, ${stringText(MEANING[input.domain] ?? input.domain)}, ${fits});`,
    helpers: ['checkInput'],
  } as const;
  const { simplexAxis: axis, domain } = input;
  if (axis === undefined || domain === 'logits') return [numbers];
  const [start, end] = dimensions(input, axis);
  const along = stringText(graph.axes.get(axis).name);
  return [
    numbers,
    { text: `checkSums(${name}, ${tensor}, ${along}, ${start}, ${end});`, helpers: ['checkSums'] },
  ];
}

/** The dimensions of an axis, from and to before; 0 and below count from the end. */
function dimensions(input: LoweredInput, axis: number): readonly [number, number] {
  const start = dimensionOf(input, axis);
  if (axis !== input.many) return [start, start + 1];
  return [start, 1 + input.axes.indexOf(axis) - input.axes.length];
}

/** What to call a domain whose name alone does not say what is wrong. */
const MEANING: { readonly [K in DomainName]?: string } = {
  real: 'a finite number',
  logits: 'a finite number or -Infinity',
  integer: 'a whole number, or too large to be exact in float32',
};

/** Whether x is in an input's domain, as JavaScript. */
function membership(input: LoweredInput, tensor: string): string {
  const { lo, hi } = input.node.range;
  const rules: { readonly [K in DomainName]: string } = {
    real: 'Number.isFinite(x)',
    logits: 'x < Infinity',
    positive: 'x > 0 && x < Infinity',
    nonnegative: 'x >= 0 && x < Infinity',
    unit: 'x >= 0 && x <= 1',
    between: `x >= ${numberText(lo)} && x <= ${numberText(hi)}`,
    binary: 'x === 0 || x === 1',
    sign: 'x === 1 || x === -1',
    integer: `Number.isInteger(x) && (${tensor}.dtype === 'int32' || Math.abs(x) <= 2 ** 24)`,
    probability: 'x >= 0 && x <= 1',
    onehot: 'x === 0 || x === 1',
  };
  return rules[input.domain];
}
