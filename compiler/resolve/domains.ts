import { ANY, type Range, range } from '../operators/range.js';

/** A domain says which values an input or a parameter may take. The compiler trusts it. */
export interface DomainRow {
  readonly range: Range;
  /** Takes bounds, as `between(-1, 1)`. */
  readonly bounded: boolean;
  /** Along one axis, the last unless `over` names it, the values add up to 1. */
  readonly simplex: boolean;
  /** What labels are given in and no network puts out: an input on it is data, unless it is called a prediction. */
  readonly labels: boolean;
  /** What turns logits into values of this domain. */
  readonly activation: 'softmax' | 'sigmoid' | undefined;
  /** May stand among the leaves of a sketch, for a constant to be drawn and tuned. */
  readonly drawn: boolean;
  readonly doc: string;
}

const row = (values: Range, doc: string, extra: Partial<DomainRow> = {}): DomainRow => ({
  range: values,
  bounded: false,
  simplex: false,
  labels: false,
  activation: undefined,
  drawn: false,
  doc,
  ...extra,
});

export const DOMAINS = {
  real: row(ANY, 'any finite number', { drawn: true }),
  positive: row(range(0, Infinity, { nonzero: true }), 'greater than 0', { drawn: true }),
  nonnegative: row(range(0, Infinity), '0 or greater', { drawn: true }),
  unit: row(range(0, 1), 'between 0 and 1', { activation: 'sigmoid', drawn: true }),
  between: row(ANY, 'between(a, b): from a to b', { bounded: true, drawn: true }),
  binary: row(range(0, 1, { integer: true }), '0 or 1', { labels: true }),
  sign: row(range(-1, 1, { integer: true, nonzero: true }), '-1 or 1', { labels: true }),
  integer: row(range(-Infinity, Infinity, { integer: true }), 'a whole number', {
    labels: true,
    drawn: true,
  }),
  logits: row(ANY, 'a finite number or -infinity, before softmax or sigmoid'),
  probability: row(range(0, 1), 'between 0 and 1, with a sum of 1 along one axis', {
    simplex: true,
    activation: 'softmax',
  }),
  onehot: row(range(0, 1, { integer: true }), 'a single 1 along one axis, 0 elsewhere', {
    simplex: true,
    labels: true,
  }),
} as const satisfies Record<string, DomainRow>;

export type DomainName = keyof typeof DOMAINS;
export const isDomain = (name: string): name is DomainName => Object.hasOwn(DOMAINS, name);
