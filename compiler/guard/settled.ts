/** What an operator gives where some of its arguments are not known for sure: whether their doubt reaches the result. */
import type { Node } from '../graph/graph.js';
import { EVERYWHERE } from '../operators/domain.js';
import { type ConditionOp, domainsOf, isCondition, isElementwise } from '../operators/elementwise.js';
import type { Op } from '../operators/order.js';
import type { Range } from '../operators/range.js';

/** Half the distance of the numbers of float32 around 1, and a little: what is smaller beside a term is rounded away. */
const ROUNDED_AWAY = 2 ** -26;

/** An argument: what is known of it, and whether it is in doubt within these bounds. */
interface Argument {
  readonly range: Range;
  readonly doubtful: boolean;
}

/** The value of a condition that bounds decide, 0 or 1. */
export function conditionValue(op: Op, args: readonly Range[]): 0 | 1 | undefined {
  if (!isCondition(op)) return undefined;
  const value = CONDITIONS[op](args);
  return value === undefined ? undefined : value ? 1 : 0;
}

const isTrue = ({ lo, hi }: Range): boolean => lo > 0 || hi < 0;
const isFalse = ({ lo, hi }: Range): boolean => lo === 0 && hi === 0;

type Decide = (args: readonly Range[]) => boolean | undefined;
const CONDITIONS: { readonly [K in ConditionOp]: Decide } = {
  lt: ([x, y]) => (x!.hi < y!.lo ? true : x!.lo >= y!.hi ? false : undefined),
  le: ([x, y]) => (x!.hi <= y!.lo ? true : x!.lo > y!.hi ? false : undefined),
  eq: ([x, y]) => (x!.hi < y!.lo || x!.lo > y!.hi ? false : undefined),
  and: ([x, y]) => (isFalse(x!) || isFalse(y!) ? false : isTrue(x!) && isTrue(y!) ? true : undefined),
  or: ([x, y]) => (isTrue(x!) || isTrue(y!) ? true : isFalse(x!) && isFalse(y!) ? false : undefined),
  not: ([x]) => (isTrue(x!) ? false : isFalse(x!) ? true : undefined),
};

/** Whether a result may be no number at all, not even an infinite one, where a doubtful argument is. */
export function isUndefined({ op, value }: Node, args: readonly Argument[]): boolean {
  if (!isElementwise(op)) return false;
  if (op === 'mul') {
    // 0 times infinity.
    const isEndless = args.some(({ doubtful, range }) => doubtful && !(range.hi - range.lo < Infinity));
    return isEndless && args.some(({ range }) => range.lo <= 0 && range.hi >= 0 && !range.nonzero);
  }
  const domains = domainsOf(
    op,
    args.map(({ range }) => range),
    value,
  );
  return args.some(({ range, doubtful }, i) => {
    const { least = -Infinity, most = Infinity } = domains[i] ?? EVERYWHERE;
    return doubtful && (range.lo < least || range.hi > most);
  });
}

/** Whether a doubt in the arguments may change a result that lies within `range`. */
export function feels(op: Op, args: readonly Argument[], range: Range): boolean {
  if (!args.some(({ doubtful }) => doubtful)) return false;
  // 0 times infinity is no number.
  const isEndless =
    op === 'mul' && args.some((arg) => arg.doubtful && !(arg.range.hi - arg.range.lo < Infinity));
  if (range.lo === range.hi && Number.isFinite(range.lo) && !isEndless) return false;
  return (FEELS.get(op) ?? always)(args);
}

type Feels = (args: readonly Argument[]) => boolean;
const always: Feels = () => true;
const split = (
  args: readonly Argument[],
): { readonly doubtful: readonly Range[]; readonly sure: readonly Range[] } => ({
  doubtful: args.filter(({ doubtful }) => doubtful).map(({ range }) => range),
  sure: args.filter(({ doubtful }) => !doubtful).map(({ range }) => range),
});

/** Operators that some arguments can take the say from; all others feel every one. */
const FEELS: ReadonlyMap<Op, Feels> = new Map<Op, Feels>([
  [
    'max',
    (args) => {
      const { doubtful, sure } = split(args);
      return doubtful.some(({ hi }) => !sure.some(({ lo }) => lo >= hi));
    },
  ],
  [
    'min',
    (args) => {
      const { doubtful, sure } = split(args);
      return doubtful.some(({ lo }) => !sure.some(({ hi }) => hi <= lo));
    },
  ],
  [
    'add',
    (args) => {
      const { doubtful, sure } = split(args);
      const width = doubtful.reduce((sum, { lo, hi }) => sum + hi - lo, 0);
      const [lo, hi] = [sure.reduce((s, r) => s + r.lo, 0), sure.reduce((s, r) => s + r.hi, 0)];
      return !(width <= ROUNDED_AWAY * Math.max(lo, -hi));
    },
  ],
]);
