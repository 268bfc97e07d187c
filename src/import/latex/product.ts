/** Products of LaTeX, in which a sum over items and its number make a mean. */
import { cover } from '../../../grammar/tree/span.js';
import type { OverTerm, Term } from '../term.js';

/** Names that stand for the number of items or entries where a sum does not name its end. */
const COUNTS = /^[NnMmBKCT]$/;

export const product = (left: Term, right: Term): Term =>
  average({ kind: 'binary', op: '*', left, right, span: cover(left.span, right.span) });

/** The factors above the line and below it. */
interface Factors {
  readonly above: readonly Term[];
  readonly below: readonly Term[];
}

function factorsOf(term: Term): Factors {
  if (term.kind === 'unary' && term.op === '-') {
    const { above, below } = factorsOf(term.of);
    return { above: [{ kind: 'number', value: -1, span: term.span }, ...above], below };
  }
  if (term.kind !== 'binary' || (term.op !== '*' && term.op !== '/')) return { above: [term], below: [] };
  const [left, right] = [factorsOf(term.left), factorsOf(term.right)];
  return term.op === '*'
    ? { above: [...left.above, ...right.above], below: [...left.below, ...right.below] }
    : { above: [...left.above, ...right.below], below: [...left.below, ...right.above] };
}

/** A product in which each sum that is divided by its number of terms is a mean. */
export function average(term: Term): Term {
  const { above, below } = factorsOf(term);
  const left: Term[] = [...below];
  let isChanged = false;
  const mean = (one: Term): Term => {
    if (one.kind !== 'over' || one.reduction !== 'sum') return one;
    const at = left.findIndex(
      (divisor) => divisor.kind === 'name' && divisor.indices === undefined && counts(divisor.name, one),
    );
    if (at >= 0) left.splice(at, 1);
    const of = mean(one.of);
    if (at < 0) return of === one.of ? one : { ...one, of };
    isChanged = true;
    return { ...one, reduction: 'mean', of };
  };
  const means = above.map(mean);
  if (!isChanged) return term;
  const times = (terms: readonly Term[]): Term | undefined =>
    terms.length === 0
      ? undefined
      : terms.reduce((a, b): Term => ({ kind: 'binary', op: '*', left: a, right: b, span: term.span }));
  const numerator = times(means.filter((one) => one.kind !== 'number' || one.value !== 1)) ?? means[0]!;
  const denominator = times(left);
  return denominator === undefined
    ? numerator
    : { kind: 'binary', op: '/', left: numerator, right: denominator, span: term.span };
}

const counts = (name: string, { limit }: OverTerm): boolean =>
  limit === undefined ? COUNTS.test(name) : name === limit;
