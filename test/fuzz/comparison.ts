import { DOUBT, type Found, type Outcome } from './oracle/oracle.js';

/** Something that is not as it should be. */
export interface Fault {
  readonly target: string;
  /** What differs: `value`, `gradient of gamma`, `exception`. */
  readonly what: string;
  readonly detail: string;
}

/** What a target makes of a trial. */
export interface Answer {
  readonly value: ArrayLike<number>;
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
}

/** Why a number was not compared. */
export const REASONS = [...Object.keys(DOUBT), 'digits'] as (keyof typeof DOUBT | 'digits')[];
export type Reason = (typeof REASONS)[number];

/** How many numbers of a target were compared, and how many were not, by reason. */
export interface Tally {
  trials: number;
  compared: number;
  readonly skipped: Record<Reason, number>;
}
export const emptyTally = (): Tally => ({
  trials: 0,
  compared: 0,
  skipped: Object.fromEntries(REASONS.map((reason) => [reason, 0])) as Record<Reason, number>,
});

/** Where the bounds on rounding are wider than this part of the number, nothing is compared. */
const TOO_WIDE = 1e-3;
/** A guard keeps a 0 whose logarithm is taken 1e-36 from it: what is left of that in a product is no fault. */
const LEFT_BY_GUARDS = 1e-30;

function reasonOf(found: Found, i: number, scale: number): Reason | undefined {
  const doubt = found.doubt[i]!;
  for (const [reason, bit] of Object.entries(DOUBT)) if ((doubt & bit) !== 0) return reason as Reason;
  const room = found.error[i]!;
  if (room === 0) return undefined;
  return room <= TOO_WIDE * Math.max(Math.abs(found.data[i]!), TOO_WIDE * scale) ? undefined : 'digits';
}

/** Compares numbers with those of the definition; the first that is off, in words. */
function compareNumbers(
  found: Found,
  actual: ArrayLike<number>,
  floor: number,
  scale: number,
  tally: Tally,
  least: number,
): string | undefined {
  if (actual.length !== found.data.length) return `${actual.length} numbers instead of ${found.data.length}`;
  let off: string | undefined;
  for (const [i, x] of found.data.entries()) {
    const reason = reasonOf(found, i, scale);
    if (reason !== undefined) {
      tally.skipped[reason]++;
      continue;
    }
    tally.compared++;
    const y = actual[i]!;
    const room = found.error[i]! + floor * scale + least;
    if (x !== y && !(Math.abs(x - y) <= room))
      off ??= `[${i}] is ${y}, and ${x} by definition, give or take ${room}`;
  }
  return off;
}

const sizeOf = ({ data, doubt }: Found): number =>
  data.reduce((top, x, i) => (doubt[i] === 0 && Number.isFinite(x) ? Math.max(top, Math.abs(x)) : top), 0);

/** `floor` is what is never told apart, as a part of the largest number beside it; `least` by itself. */
export function compareAnswer(
  target: string,
  outcome: Outcome,
  answer: Answer,
  floor: number,
  tally: Tally,
  least = LEFT_BY_GUARDS,
): Fault | undefined {
  tally.trials++;
  const detail = compareNumbers(outcome.value, answer.value, floor, sizeOf(outcome.value), tally, least);
  if (detail !== undefined) return { target, what: 'value', detail };
  for (const [name, found] of outcome.gradients) {
    const actual = answer.gradients.get(name);
    if (actual === undefined) continue;
    const problem = compareNumbers(found, actual, floor, sizeOf(found), tally, least);
    if (problem !== undefined) return { target, what: `gradient of ${name}`, detail: problem };
  }
  return undefined;
}
