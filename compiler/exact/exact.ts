import type { Numbers } from './axes.js';
import {
  type BigNumber,
  type BigNumberClass,
  bigNumbers,
  type Doubts,
  MOST_DIGITS,
} from './decimal/number.js';
import { slope } from './difference.js';
import { type Answer, answer, type Question, type Variable, variablesOf } from './evaluate.js';
import { type Exact, settled } from './settle.js';

export type { Numbers } from './axes.js';
export { type BigNumber, bigNumbers, binaryDigits } from './decimal/number.js';

export type { Exact } from './settle.js';

/** A loss and its inputs in numbers, or in decimals of any length. */
export type Asked = Omit<Question, 'given' | 'weights'> & {
  readonly given: {
    readonly inputs: ReadonlyMap<string, Numbers<number | string | BigNumber>>;
    readonly parameters: ReadonlyMap<string, Numbers<number | string | BigNumber>>;
    readonly labels: ReadonlySet<string>;
    readonly logits: ReadonlySet<string>;
  };
  readonly weights?: Numbers<number | string | BigNumber>;
};

/** More digits than these cannot be told from rounding within `MOST_DIGITS`. */
export const MOST_WANTED = 200;

export interface Wanted {
  /** Significant decimal digits, up to `MOST_WANTED`. */
  readonly digits: number;
  /** The predictions and parameters to differentiate by. */
  readonly by: readonly string[];
  /** Which of their entries; all of them by default. What is not wanted is undefined. */
  readonly only?: (name: string, entry: number) => boolean;
  /** Digits that are worked out at most, on the way; what they do not settle is undefined. */
  readonly most?: number;
}

export interface ExactResult {
  readonly isScalar: boolean;
  readonly value: Numbers<Exact>;
  readonly items: Numbers<Exact>;
  /** The derivative of the reduced value (of the sum, for `none`). */
  readonly gradient: ReadonlyMap<string, Numbers<Exact>>;
}

/** One evaluation in one precision; a derivative is undefined where it has no slope or was not asked for. */
interface Attempt {
  readonly Big: BigNumberClass;
  readonly answer: Answer;
  readonly slopes: readonly (Numbers<Exact> & { readonly name: string })[];
}

/**
 * Value and gradient of a checked loss to as many digits as asked, without guards: the definition of the language over mathjs's
 * BigNumbers, sharing no code with graph, algebra, guards and emitters. Every number is worked out in ever more digits until two
 * evaluations agree. The gradient is a difference of values, so it is undefined at kinks, where the language states a slope.
 */
export async function evaluateExactly(asked: Asked, wanted: Wanted): Promise<ExactResult> {
  const { digits, most = MOST_DIGITS } = wanted;
  const enough = 2 * digits + 20;
  let last = attempt(await bigNumbers(enough), asked, wanted);
  let result: ExactResult | undefined;
  const further = [2 * enough, most / 2, most].filter((precision, i) => i === 0 || precision > 2 * enough);
  for (const precision of further) {
    const next = attempt(await bigNumbers(precision), asked, wanted, result);
    result = agreement(last, next, digits, result);
    if (isSettled(result, wanted)) break;
    last = next;
  }
  return result!;
}

const all = (): boolean => true;

const isSettled = ({ value, items, gradient }: ExactResult, { only = all }: Wanted): boolean =>
  [value, items].every(({ data }) => Array.from(data).every((x) => x !== undefined)) &&
  [...gradient].every(([name, { data }]) =>
    Array.from(data).every((x, entry) => x !== undefined || !only(name, entry)),
  );

/** Evaluates the loss, and as many differences as there are derivatives that are not known yet. */
function attempt(
  Big: BigNumberClass,
  asked: Asked,
  { by, only = all }: Wanted,
  known?: ExactResult,
): Attempt {
  const question = questionIn(Big, asked);
  const kept: (readonly BigNumber[])[] = [];
  const middle = answer(Big, question, { kept: [], keep: (numbers) => kept.push(numbers) });
  const stops = { kept, keep: () => {} };
  const slopes = variablesOf(middle.bound, by).map((variable) => ({
    ...variable,
    data: variable.data.map((x, k) => {
      if (!only(variable.name, k) || known?.gradient.get(variable.name)?.data[k] !== undefined)
        return undefined;
      const total = (moved: BigNumber): BigNumber =>
        answer(Big, changed(question, variable, k, moved), stops).total;
      return slope(total, x, middle.total, Big);
    }),
  }));
  return { Big, answer: middle, slopes };
}

function questionIn(Big: BigNumberClass, { given, weights, ...rest }: Asked): Question {
  const numbers = ({ shape, data }: Numbers<number | string | BigNumber>): Numbers<BigNumber> => ({
    shape,
    data: Array.from(data, (x) => new Big(x)),
  });
  const each = (named: ReadonlyMap<string, Numbers<number | string | BigNumber>>) =>
    new Map([...named].map(([name, values]) => [name, numbers(values)] as const));
  return {
    ...rest,
    given: { ...given, inputs: each(given.inputs), parameters: each(given.parameters) },
    ...(weights && { weights: numbers(weights) }),
  };
}

/** The question with one number of an input or parameter moved. */
function changed(question: Question, { name, shape, data }: Variable, at: number, to: BigNumber): Question {
  const { given } = question;
  const moved = { shape, data: data.map((x, k) => (k === at ? to : x)) };
  const isInput = given.inputs.has(name);
  const table = new Map(isInput ? given.inputs : given.parameters).set(name, moved);
  return { ...question, given: { ...given, [isInput ? 'inputs' : 'parameters']: table } };
}

function agreement(first: Attempt, second: Attempt, digits: number, known?: ExactResult): ExactResult {
  const numbers = (
    a: Numbers<Exact>,
    b: Numbers<Exact>,
    doubts: Readonly<Doubts>,
    before?: Numbers<Exact>,
  ): Numbers<Exact> => ({
    shape: b.shape,
    data: Array.from(b.data, (x, k) => before?.data[k] ?? settled([a.data[k], x], digits, doubts)),
  });
  const { doubts, isScalar, value, items } = second.answer;
  // A difference of values that are rounded alike is 0 whatever the slope is.
  const slopes = { ...doubts, cancelled: true };
  return {
    isScalar,
    value: numbers(first.answer.value, value, doubts, known?.value),
    items: numbers(first.answer.items, items, doubts, known?.items),
    gradient: new Map(
      second.slopes.map((variable, i) => [
        variable.name,
        numbers(first.slopes[i]!, variable, slopes, known?.gradient.get(variable.name)),
      ]),
    ),
  };
}
