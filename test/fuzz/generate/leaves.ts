import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, call, minus, name, num } from '../../../grammar/tree/build.js';
import { type Draft, type Env, type Known, operation, type Typed, within, without } from './typed.js';

/** Expressions of one part or two: names, numbers, positions. */

const NUMBERS: readonly (readonly [number, number])[] = [
  // Value, weight.
  [1, 6],
  [2, 6],
  [0, 3],
  [0.5, 4],
  [3, 2],
  [0.1, 2],
  [4, 1],
  [1.5, 2],
  [10, 1],
  [0.01, 1],
  [1e-7, 0.3],
  [1e4, 0.3],
  [1e8, 0.1],
  [1e-30, 0.05],
  // Products of larger numbers leave float64 in one order and not in another: test/compiler/constants.test.ts.
  [1e100, 0.03],
];

export const constant = (expr: Expr): Typed => ({ expr, axes: [], isData: true });

export function number({ random }: Draft): Typed {
  const [value] = random.weighted(NUMBERS, ([, weight]) => weight);
  if (random.next() < 0.03) return constant(name('pi'));
  if (random.next() < 0.1) return constant(num(Number(Math.abs(random.normal()).toPrecision(3))));
  return constant(random.next() < 0.15 && value !== 0 ? minus(num(value)) : num(value));
}

const fitting = (env: Env, allowed: readonly string[], fits: (entry: Known) => boolean): readonly Known[] =>
  env.names.filter((entry) => within(entry.axes, allowed) && fits(entry));

/** A name, a number or the length of an axis. */
export function leaf(draft: Draft, env: Env, allowed: readonly string[]): Typed {
  const { random } = draft;
  const names = fitting(env, allowed, (entry) => !entry.isCondition);
  const isMoving = names.some((entry) => !entry.isData);
  // Predictions above all: what has none is a constant in the end.
  if (!isMoving && random.next() < 0.7) {
    const moving = env.names.filter((entry) => !entry.isCondition && !entry.isData);
    const found = moving.length === 0 ? undefined : narrowed(draft, random.pick(moving), allowed, env);
    if (found !== undefined) return found;
  }
  if (names.length > 0 && random.next() < 0.75)
    return random.weighted(names, (entry) => (entry.isData ? 1 : 3));
  if (env.axes.length > 0 && random.next() < 0.1)
    return constant(call('size', [name(random.pick(env.axes))]));
  return number(draft);
}

/** A name whose other axes are taken away, if they can be named. */
function narrowed({ random }: Draft, entry: Known, allowed: readonly string[], env: Env): Typed | undefined {
  const over = without(entry.axes, allowed);
  if (!within(over, env.axes)) return undefined;
  const callee = random.pick(['sum', 'mean', 'max', 'min', 'prod', 'logsumexp']);
  const axes = over.map((axis) => name(axis));
  return { ...entry, expr: call(callee, [entry.expr, ...axes]), axes: without(entry.axes, over) };
}

/** A name that has an axis, or its index. */
export function leafAlong(draft: Draft, env: Env, axis: string, allowed: readonly string[]): Typed {
  const names = fitting(env, allowed, (entry) => !entry.isCondition && entry.axes.includes(axis));
  if (names.length > 0 && draft.random.next() < 0.9)
    return draft.random.weighted(names, (entry) => (entry.isData ? 1 : 2));
  return index(axis);
}

export const index = (axis: string): Typed => ({
  expr: call('index', [name(axis)]),
  axes: [axis],
  isData: true,
  isWhole: true,
});

/** A name that is not below 0, if there is one. */
export function positiveLeaf(draft: Draft, env: Env, allowed: readonly string[]): Typed | undefined {
  const names = fitting(env, allowed, (entry) => entry.isPositive && !entry.isCondition);
  return names.length === 0 ? undefined : draft.random.pick(names);
}

export function conditionLeaf(draft: Draft, env: Env, allowed: readonly string[]): Typed | undefined {
  const names = fitting(env, allowed, (entry) => entry.isCondition);
  return names.length === 0 ? undefined : draft.random.pick(names);
}

/** A position along an axis: whole, and without a prediction in it. */
export function position(draft: Draft, env: Env, axis: string, allowed: readonly string[]): Typed {
  const { random } = draft;
  const names = fitting(env, allowed, (entry) => entry.isWhole === true && entry.isData);
  const along = env.axes.filter((other) => allowed.includes(other));
  const roll = random.next();
  if (roll < 0.45 && names.length > 0) return random.pick(names);
  if (roll < 0.6 && along.length > 0) return index(random.pick(along));
  if (roll < 0.7 && along.length > 0)
    return operation('+', index(random.pick(along)), constant(num(random.pick([1, -1, 2]))));
  if (roll < 0.8) return constant(binary('-', call('size', [name(axis)]), num(1)));
  return constant(num(random.pick([0, 1, 2, -1, 5])));
}
