import { unguarded } from '../../compiler/guard/unguarded.js';
import { type Answer, compareAnswer, emptyTally } from './comparison.js';
import { REFERENCE, referenceAnswer } from './targets/reference.js';
import { compileTrial, expected, type Trial } from './trial.js';

/** Why a difference in float64 is none of the compiler's: one row per reason, in the words of the figures. */
export const EXCUSES = {
  quotients: 'differences came of a bound on quotients that the compiler tells',
  order: 'differences were the last digit of an input: terms of a sum may be added in another order',
} as const;
export type Excuse = keyof typeof EXCUSES;

/** Units of the last digit of the largest input that the order of a few terms may shift a sum by. */
const SHIFTED = 4;
/** Two targets of float64 agree within this. */
const SAME = 1e-9;

/** The answer is that of a target. */
export function excuseInDouble(trial: Trial, answer: Answer): Excuse | undefined {
  if (isOrder(trial, answer)) return 'order';
  return isBoundedQuotient(trial, answer) ? 'quotients' : undefined;
}

/**
 * The answer is that of the reference interpreter, which without the bound of 1e36 on quotients, and with all other guards, gives what
 * the definition does.
 */
function isBoundedQuotient(trial: Trial, answer: Answer): boolean {
  const compiled = compileTrial(trial);
  const quotients = compiled.guards.filter(({ op }) => op === 'quotient');
  if (quotients.length === 0) return false;
  const free = unguarded(compiled.lowered.graph, quotients);
  const gradients = new Map([...compiled.gradients].map(([name, root]) => [name, free(root)]));
  const job = { trial, compiled: { ...compiled, value: free(compiled.value), gradients } };
  const outcome = expected(trial, 'double');
  if (compareAnswer('', outcome, referenceAnswer(job), REFERENCE.floor, emptyTally()) !== undefined)
    return false;
  const guarded = referenceAnswer({ trial, compiled });
  return (
    areClose(answer.value, guarded.value) &&
    [...answer.gradients].every(([name, numbers]) => areClose(numbers, guarded.gradients.get(name)!))
  );
}

const areClose = (found: ArrayLike<number>, numbers: ArrayLike<number>): boolean =>
  Array.from(found).every(
    (x, i) => Object.is(x, numbers[i]) || Math.abs(x - numbers[i]!) <= SAME * Math.abs(x),
  );

/** Of `x + tiny - x` nothing but digits of x is left where `x - x` comes second. */
function isOrder(trial: Trial, answer: Answer): boolean {
  const { inputs, parameters } = trial.given;
  const numbers = [...inputs.values(), ...parameters.values()].flatMap(({ data }) => [...data]);
  const largest = numbers.reduce((top, x) => (Number.isFinite(x) ? Math.max(top, Math.abs(x)) : top), 0);
  const least = SHIFTED * Number.EPSILON * largest;
  const outcome = expected(trial, 'double');
  return compareAnswer('', outcome, answer, REFERENCE.floor, emptyTally(), least) === undefined;
}
