import type { Expr } from '../../../grammar/tree/ast.js';
import { call, ifExpr, minus, name, not, num } from '../../../grammar/tree/build.js';
import {
  ALONG,
  EXPONENTIAL,
  OF_NEGATIVE,
  OF_POSITIVE,
  OF_SEVERAL,
  OF_UNIT,
  PICKING,
  REDUCTIONS,
  SMOOTH,
} from '../../helpers/functions.js';
import { callFn, callLoss } from './calls.js';
import { conditionLeaf, constant, index, leaf, leafAlong, number, position, positiveLeaf } from './leaves.js';
import {
  combine,
  type Draft,
  type Env,
  joined,
  type Operator,
  operation,
  type Typed,
  without,
} from './typed.js';

/**
 * Random expressions that the type rules of the language allow. Domains are kept to mostly: `log` gets something positive four
 * times out of five.
 */

type Make = (draft: Draft, env: Env, allowed: readonly string[], depth: number) => Typed | undefined;

const CARE = 0.8;
const COMPARISONS: readonly Operator[] = ['<', '<=', '>', '>=', '==', '!='];

const f = (callee: string, ...parts: readonly Typed[]): Typed =>
  combine(
    call(
      callee,
      parts.map((part) => part.expr),
    ),
    parts,
  );

/** An expression with axes among the allowed ones. */
export function expression(draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed {
  const { random } = draft;
  if (depth <= 0) return leaf(draft, env, allowed);
  // Where an axis is to go, mostly a reduction takes it away.
  const isWide = env.axes.every((axis) => allowed.includes(axis));
  for (;;) {
    const [, make] = random.weighted(isWide ? MAKERS : NARROWING, ([weight]) => weight);
    const made = make(draft, env, allowed, depth - 1);
    if (made !== undefined) return made;
  }
}

/** Something that is not below 0, mostly far from it. */
function positive(draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed {
  const { random } = draft;
  const any = (): Typed => expression(draft, env, allowed, depth - 1);
  const known = positiveLeaf(draft, env, allowed);
  const small = constant(num(random.pick([0.1, 1, 0.5, 0.1, 1, 0.5, 0.1, 1, 0.5, 1e-7, 1e-10, 1e-16])));
  const away = random.next() < 0.2 ? (positiveLeaf(draft, env, allowed) ?? small) : small;
  switch (random.int(known === undefined ? 6 : 14)) {
    case 0:
      return f('exp', mild(draft, env, allowed, depth - 1));
    case 1:
      return operation('+', f('square', any()), small);
    case 2:
      return f('sigmoid', any());
    case 3:
      return f('softplus', any());
    case 4:
      return operation('+', f('abs', any()), small);
    case 5:
      return operation('*', positive(draft, env, allowed, depth - 1), small);
    case 6:
      return operation('+', known!, small);
    case 7: {
      // As people keep what may be 0 away from it.
      const one = constant(num(1));
      return random.next() < 0.5
        ? operation('+', operation('-', one, known!), away)
        : operation('-', operation('+', one, away), known!);
    }
    default:
      return known!;
  }
}

/** Something of moderate size. */
function mild(draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed {
  const roll = draft.random.next();
  const any = (): Typed => expression(draft, env, allowed, depth - 1);
  if (roll < 0.35) return leaf(draft, env, allowed);
  if (roll < 0.5) return f('tanh', any());
  if (roll >= 0.7) return any();
  const size = f('abs', any());
  return combine(minus(size.expr), [size]);
}

const careful = (draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed =>
  draft.random.next() < CARE ? positive(draft, env, allowed, depth) : expression(draft, env, allowed, depth);

const arithmetic: Make = (draft, env, allowed, depth) => {
  const op = draft.random.pick(['+', '-', '*', '*', '/'] as const);
  const left = expression(draft, env, allowed, depth);
  if (op === '/') return operation(op, left, careful(draft, env, allowed, depth));
  return operation(op, left, expression(draft, env, allowed, depth));
};

const power: Make = (draft, env, allowed, depth) => {
  const { random } = draft;
  const roll = random.next();
  if (roll < 0.5) {
    const exponent = constant(num(random.pick([2, 2, 3, -1, 0, 1, 4, -2])));
    return operation('^', expression(draft, env, allowed, depth), exponent);
  }
  const base = careful(draft, env, allowed, depth);
  if (roll < 0.7) return operation('^', base, constant(num(random.pick([0.5, 1.5, -0.5, 2.5, 1 / 3, -1.5]))));
  if (roll < 0.85) return operation('^', base, leaf(draft, env, allowed));
  return operation('^', base, mild(draft, env, allowed, depth));
};

const functions: Make = (draft, env, allowed, depth) => {
  const { random } = draft;
  const roll = random.next();
  if (roll < 0.45) return f(random.pick(SMOOTH), expression(draft, env, allowed, depth));
  if (roll < 0.67) return f(random.pick(OF_POSITIVE), careful(draft, env, allowed, depth));
  if (roll < 0.7) {
    const operand = careful(draft, env, allowed, depth);
    return f(random.pick(OF_NEGATIVE), combine(minus(operand.expr), [operand]));
  }
  if (roll < 0.85) return f(random.pick(EXPONENTIAL), mild(draft, env, allowed, depth));
  if (roll < 0.9) {
    const inside = f(random.pick(['tanh', 'sin', 'cos', 'erf']), expression(draft, env, allowed, depth));
    return f(random.pick(OF_UNIT), random.next() < CARE ? inside : expression(draft, env, allowed, depth));
  }
  if (roll < 0.93) return f('stop_gradient', expression(draft, env, allowed, depth));
  const operand = expression(draft, env, allowed, depth);
  return combine(minus(operand.expr), [operand]);
};

const several: Make = (draft, env, allowed, depth) => {
  const { random } = draft;
  const roll = random.next();
  const any = (): Typed => expression(draft, env, allowed, depth);
  if (roll < 0.55) return f(random.pick(PICKING), any(), any());
  const { name: callee, takes } = random.pick(OF_SEVERAL);
  const last = takes.length - 1;
  const parts = takes.map((kind, i) => {
    if (kind === 'positive') return careful(draft, env, allowed, depth);
    // Long ones take mostly numbers, as `clip` does.
    return i === 0 || last === 1 ? any() : i === last ? number(draft) : leaf(draft, env, allowed);
  });
  return f(callee, ...parts);
};

export function condition(draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed {
  const { random } = draft;
  const roll = random.next();
  const known = roll < 0.15 ? conditionLeaf(draft, env, allowed) : undefined;
  if (known !== undefined) return known;
  if (depth > 0 && roll < 0.4) {
    // Now and then a condition on numbers alone meets one on tensors.
    const other = random.next() < 0.4 ? [] : allowed;
    const parts = [condition(draft, env, allowed, depth - 1), condition(draft, env, other, depth - 1)];
    const [left, right] = random.shuffled(parts);
    return operation(random.pick(['and', 'or']), left!, right!);
  }
  if (depth > 0 && roll < 0.5) {
    const operand = condition(draft, env, allowed, depth - 1);
    return combine(not(operand.expr), [operand]);
  }
  const left =
    depth > 0 && roll < 0.7 ? expression(draft, env, allowed, depth - 1) : leaf(draft, env, allowed);
  const right = random.next() < 0.5 ? number(draft) : leaf(draft, env, allowed);
  // A prediction equals nothing.
  const op = random.pick(left.isData && right.isData ? COMPARISONS : COMPARISONS.slice(0, 4));
  return operation(op, left, right);
}

const choice: Make = (draft, env, allowed, depth) => {
  const branches: [Expr, Expr][] = [];
  const parts: Typed[] = [];
  const count = draft.random.next() < 0.8 ? 1 : 2;
  for (let i = 0; i < count; i++) {
    const [test, value] = [condition(draft, env, allowed, depth), expression(draft, env, allowed, depth)];
    branches.push([test.expr, value.expr]);
    parts.push(test, value);
  }
  const otherwise = expression(draft, env, allowed, depth);
  return combine(ifExpr(branches, otherwise.expr), [...parts, otherwise]);
};

/** An axis of the body, seldom the batch. */
function someAxis({ random }: Draft, env: Env): string | undefined {
  const axes = env.axes.filter((axis) => axis !== 'batch');
  if (env.axes.includes('batch') && (axes.length === 0 || random.next() < 0.07)) return 'batch';
  return axes.length === 0 ? undefined : random.pick(axes);
}

/** A value of which the axes are taken away; the value or its condition has each of them. */
function reduced(draft: Draft, env: Env, value: Typed, axes: readonly string[], depth: number): Typed {
  const { random } = draft;
  const all = joined(value.axes, axes);
  let operand = value;
  let where = random.next() < 0.3 ? condition(draft, env, all, Math.min(depth, 1)) : undefined;
  for (const axis of axes) {
    if (joined(operand.axes, where?.axes ?? []).includes(axis)) continue;
    const along = leafAlong(draft, env, axis, all);
    if (random.next() < 0.5) {
      const test = operation(random.pick(COMPARISONS.slice(0, 4)), along, number(draft));
      where = where === undefined ? test : operation(random.pick(['and', 'or']), where, test);
    } else operand = operation(random.pick(['+', '-', '*']), operand, along);
  }
  const parts = where === undefined ? [operand] : [operand, where];
  const expr = call(
    random.pick(REDUCTIONS),
    [operand.expr, ...axes.map((axis) => name(axis))],
    {},
    where?.expr,
  );
  const result = combine(expr, parts);
  return { ...result, axes: without(result.axes, axes) };
}

const reduction: Make = (draft, env, allowed, depth) => {
  const axis = someAxis(draft, env);
  if (axis === undefined) return undefined;
  const other = draft.random.next() < 0.15 ? someAxis(draft, env) : undefined;
  const axes = joined([axis], other === undefined ? [] : [other]);
  const value = expression(draft, env, joined(allowed, axes), depth);
  return reduced(draft, env, value, axes, depth - 1);
};

const normalised: Make = (draft, env, allowed, depth) => {
  const axis = someAxis(draft, env);
  if (axis === undefined || !allowed.includes(axis)) return undefined;
  const value = along(draft, env, axis, allowed, depth);
  const expr = call(draft.random.pick(ALONG), [value.expr, name(axis)]);
  return combine(expr, [value]);
};

/** An expression that has an axis. */
function along(draft: Draft, env: Env, axis: string, allowed: readonly string[], depth: number): Typed {
  const all = joined(allowed, [axis]);
  const value = expression(draft, env, all, depth);
  if (value.axes.includes(axis)) return value;
  return operation(draft.random.pick(['+', '-', '*']), leafAlong(draft, env, axis, all), value);
}

const lookUp: Make = (draft, env, allowed, depth) => {
  const axis = someAxis(draft, env);
  if (axis === undefined || axis === 'batch') return undefined;
  const value = along(draft, env, axis, allowed, depth);
  const at = position(draft, env, axis, allowed);
  const result = combine(call('at', [value.expr, name(axis), at.expr]), [value, at]);
  return { ...result, axes: joined(without(value.axes, [axis]), at.axes) };
};

/** Each entry along an axis against every other. */
const pairs: Make = (draft, env, allowed, depth) => {
  const { random } = draft;
  const axis = someAxis(draft, env);
  if (axis === undefined) return undefined;
  const other = draft.fresh('other');
  const value = along(draft, env, axis, allowed, depth - 1);
  const copy: Typed = {
    ...value,
    expr: call('rename', [value.expr, name(axis), name(other)]),
    axes: joined(without(value.axes, [axis]), [other]),
  };
  const against = expression(draft, env, allowed, depth);
  const gap = operation(random.pick(['-', '-', '*', '+']), copy, against);
  const operand = random.next() < 0.5 ? f(random.pick(['abs', 'square', 'relu', 'sigmoid']), gap) : gap;
  const isOff = random.next() < 0.3 && allowed.includes(axis);
  const where = operation(random.pick(COMPARISONS), index(other), index(axis));
  const expr = call(random.pick(REDUCTIONS), [operand.expr, name(other)], {}, isOff ? where.expr : undefined);
  const result = combine(expr, isOff ? [operand, where] : [operand]);
  return { ...result, axes: without(result.axes, [other]) };
};

const MAKERS: readonly (readonly [number, Make])[] = [
  [8, (draft, env, allowed) => leaf(draft, env, allowed)],
  [22, arithmetic],
  [7, power],
  [18, functions],
  [7, several],
  [8, choice],
  [13, reduction],
  [3, normalised],
  [3, lookUp],
  [2, pairs],
  [4, callFn],
  [2, callLoss],
];
const NARROWING = MAKERS.map(([weight, make]) => [make === reduction ? 3 * weight : weight, make] as const);
