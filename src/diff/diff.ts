import { explainLoss } from '../../compiler/explain/explain.js';
import type { Finding, Property, Status } from '../../compiler/explain/explanation.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { createRandom } from '../random.js';
import { Compared } from './points.js';
import { provedRelation, type Relation } from './proofs.js';
import { differs, type Search, search, type Witness } from './search.js';
import type { Matched } from './signatures.js';

/** A fact of `lossc explain` that one loss has and the other has not. */
interface FactOfBoth {
  readonly property: Property;
  readonly a: Standing;
  readonly b: Standing;
}
interface Standing {
  readonly holds: boolean | undefined;
  readonly status: Status;
  readonly statement: string;
}

/** How two losses stand to each other. The second is `factor` times the first, plus `term` where that is a number. */
export interface Difference {
  readonly relation: Relation | 'different' | 'not shown equal';
  readonly factor?: number | 'varies';
  readonly term?: number | 'varies';
  readonly witness?: Witness;
  /** Points at which both were evaluated. */
  readonly points: number;
  readonly facts: readonly FactOfBoth[];
}

export interface DiffOptions {
  readonly fromLogits: boolean;
  readonly parameters: readonly [ReadonlyMap<string, ParameterValue>, ReadonlyMap<string, ParameterValue>];
}

/** Compares two losses of one signature: by their normal forms, and where these tell nothing by a search. */
export async function diffLosses(
  { a, b }: Matched,
  { fromLogits, parameters }: DiffOptions,
): Promise<Difference & { readonly pair: readonly [Compared, Compared] }> {
  const pair = [
    new Compared(a, fromLogits, parameters[0]),
    new Compared(b, fromLogits, parameters[1]),
  ] as const;
  // Parameters that do not fit are told of before anything is said of them.
  for (const one of pair) one.at(one.draw(3, 3, createRandom('fits')));
  const proved = provedRelation(a, b, fromLogits, parameters);
  if (proved === 'equal') return { relation: proved, points: 0, facts: [], pair };
  if (proved !== undefined) return { relation: proved, ...sizesOf(pair, proved), facts: [], pair };
  const { witness, points }: Search = await search(...pair);
  // Facts are those of the defaults.
  const isDefault = parameters.every(({ size }) => size === 0);
  const facts = witness !== undefined && isDefault ? differingFacts({ a, b }) : [];
  if (witness === undefined) return { relation: 'not shown equal', points, facts, pair };
  return { relation: 'different', witness, points, facts, pair };
}

/** Points at which the factor and the term of a relation are measured. */
const MEASURED = 24;

/** The factor and the term that a proved relation leaves open, at random inputs of several sizes. */
function sizesOf(
  [a, b]: readonly [Compared, Compared],
  relation: Relation,
): Pick<Difference, 'factor' | 'term' | 'points'> {
  const random = createRandom('diff sizes');
  const factors: number[] = [];
  const terms: number[] = [];
  for (let k = 0; k < MEASURED; k++) {
    const inputs = a.draw(2 + (k % 3), 3, random);
    if (!a.isLegal(inputs) || !b.isLegal(inputs)) continue;
    const [first, second] = [a.at(inputs), b.at(inputs)];
    const [x, y] = [
      first.gradient.get(a.predictions[0]!)!.data,
      second.gradient.get(b.predictions[0]!)!.data,
    ];
    const at = x.reduce((top, one, i) => (Math.abs(one) > Math.abs(x[top]!) ? i : top), 0);
    const factor = relation === 'same gradient' ? 1 : y[at]! / x[at]!;
    const term = Number(second.value) - factor * Number(first.value);
    if (!Number.isFinite(factor) || !Number.isFinite(term) || factor === 0) continue;
    factors.push(factor);
    terms.push(Math.abs(term) < 1e-9 * Math.max(1, Math.abs(Number(first.value))) ? 0 : term);
  }
  const points = factors.length;
  return {
    ...(relation !== 'same gradient' && { factor: oneNumber(factors) }),
    ...(relation !== 'scaled' && { term: oneNumber(terms) }),
    points,
  };
}

function oneNumber(numbers: readonly number[]): number | 'varies' {
  const [first] = numbers;
  return first === undefined || numbers.some((x) => differs(x, first))
    ? 'varies'
    : Number(first.toPrecision(10));
}

/** Which of the yes-or-no properties that `explain` knows one loss has and the other has not, as far as is known of both. */
function differingFacts({ a, b }: Pick<Matched, 'a' | 'b'>): readonly FactOfBoth[] {
  const findings = (side: Matched['a']): readonly Finding[] =>
    explainLoss(side.program, side.decl).findings.filter(({ holds }) => holds !== undefined);
  const [first, second] = [findings(a), findings(b)];
  const standing = ({ holds, status, statement }: Finding): Standing => ({ holds, status, statement });
  return first.flatMap((finding) => {
    const other = second.find(({ property }) => property === finding.property);
    return other === undefined || other.holds === finding.holds
      ? []
      : [{ property: finding.property, a: standing(finding), b: standing(other) }];
  });
}
