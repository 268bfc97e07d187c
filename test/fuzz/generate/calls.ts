import type { Axis, Domain, Expr, LossDecl, Parameter } from '../../../grammar/tree/ast.js';
import { binary, call, name, num } from '../../../grammar/tree/build.js';
import { condition, expression } from './expressions.js';
import { number } from './leaves.js';
import {
  combine,
  type Draft,
  type Env,
  joined,
  type Known,
  known,
  operation,
  type Typed,
  without,
} from './typed.js';

/** Functions and losses that are made where they are called, so that their bodies fit the arguments. */

const MAX_CALLS = 2;

/** How an axis of the caller is called in the callee. */
const translate = (axes: readonly string[], from: string | undefined, to: string): readonly string[] =>
  axes.map((axis) => (axis === from ? to : axis));

export function callFn(draft: Draft, env: Env, allowed: readonly string[], depth: number): Typed | undefined {
  const { random } = draft;
  if (env.calls >= MAX_CALLS || depth < 1) return undefined;
  const axis = env.axes.length > 0 && random.next() < 0.6 ? random.pick(env.axes) : undefined;
  const visible = axis === undefined ? allowed : joined(allowed, [axis]);
  const args = Array.from({ length: 1 + random.int(3) }, () =>
    random.next() < 0.1
      ? { ...condition(draft, env, visible, 1), isCondition: true }
      : { ...expression(draft, env, visible, depth - 1), isCondition: false },
  );
  const names = args.map(
    (arg, i): Known =>
      known(`x${i + 1}`, translate(arg.axes, axis, 'axis'), {
        isData: arg.isData,
        isCondition: arg.isCondition,
        isWhole: arg.isWhole === true && arg.isData,
      }),
  );
  const inner: Env = { names, axes: axis === undefined ? [] : ['axis'], calls: env.calls + 1 };
  const lets: { name: { name: string }; value: Expr }[] = [];
  let scope = inner;
  if (random.next() < 0.3) {
    const value = expression(draft, scope, translate(visible, axis, 'axis'), depth - 1);
    const text = draft.fresh('v');
    lets.push({ name: { name: text }, value: value.expr });
    scope = { ...scope, names: [...scope.names, known(text, value.axes, { isData: value.isData })] };
  }
  const result = expression(draft, scope, translate(allowed, axis, 'axis'), depth);
  const callee = draft.fresh('g');
  draft.declarations.push({
    kind: 'fn',
    name: { name: callee },
    parameters: [...names.map((_, i) => `x${i + 1}`), ...inner.axes].map((text) => ({ name: text })),
    body: { lets, result: result.expr },
  });
  const along = axis === undefined ? [] : [name(axis)];
  const once = (given: readonly Typed[]): Typed => ({
    ...combine(call(callee, [...given.map((arg) => arg.expr), ...along]), given),
    axes: axis === undefined ? result.axes : result.axes.map((entry) => (entry === 'axis' ? axis : entry)),
    isData: result.isData,
  });
  if (random.next() < 0.8) return once(args);
  // The same function again, of other values with the same axes.
  const others = args.map((arg) =>
    arg.isCondition ? arg : operation(random.pick(['+', '*']), arg, number(draft)),
  );
  return operation(random.pick(['+', '-', '*']), once(args), once(others));
}

const axisNamed = (text: string): Axis => ({ kind: 'axis', name: { name: text }, many: false });
const domainOf = (axes: readonly string[]): Domain =>
  axes.length === 0 ? { name: { name: 'real' } } : { name: { name: 'real' }, axes: axes.map(axisNamed) };

/** A loss along an axis of the caller, called by the same name or another. */
export function callLoss(
  draft: Draft,
  env: Env,
  allowed: readonly string[],
  depth: number,
): Typed | undefined {
  const { random } = draft;
  const ours = env.axes.filter((entry) => entry !== 'batch');
  if (env.calls >= MAX_CALLS || depth < 1 || !env.axes.includes('batch')) return undefined;
  const axis = ours.length > 0 && random.next() < 0.7 ? random.pick(ours) : undefined;
  const theirs = axis === undefined || random.next() < 0.5 ? axis : draft.fresh('part');
  const visible = axis === undefined ? allowed : joined(allowed, [axis]);
  const argument = (): Typed => {
    const value = expression(draft, env, visible, depth - 1);
    if (axis === undefined || value.axes.includes(axis)) return value;
    return operation('+', value, { expr: call('index', [name(axis)]), axes: [axis], isData: true });
  };
  const [target, prediction] = [argument(), argument()];
  const inside = (arg: Typed): readonly string[] =>
    axis === undefined ? arg.axes : translate(arg.axes, axis, theirs!);
  const names = [
    known('target', inside(target), { isData: target.isData }),
    known('prediction', inside(prediction), { isData: prediction.isData }),
    known('rate', [], { isPositive: true, isData: true }),
  ];
  const declared = theirs === undefined ? [] : [theirs];
  const scope: Env = { names, axes: declared, calls: env.calls + 1 };
  const rest = without(joined(target.axes, prediction.axes), axis === undefined ? [] : [axis]);
  const body = expression(draft, scope, rest, depth);
  // A loss of its own as well, so it depends on its prediction, and on its rate lest it be said not to.
  const sum = declared.length === 0 ? name('prediction') : call('sum', [name('prediction'), name(theirs!)]);
  const result = binary('+', body.expr, binary('*', name('rate'), sum));
  const callee = draft.fresh('inner');
  const rate: Parameter = {
    name: { name: 'rate' },
    domain: { name: { name: 'positive' } },
    default: num(0.5),
  };
  const domain = domainOf(declared);
  const decl: LossDecl = {
    kind: 'loss',
    name: { name: callee },
    inputs: [
      { name: { name: 'target' }, data: false, domain },
      { name: { name: 'prediction' }, data: false, domain },
    ],
    parameters: [rate],
    body: { lets: [], result },
  };
  draft.declarations.push(decl);
  const named: Record<string, Expr> = {};
  const parts = [target, prediction];
  if (random.next() < 0.5) {
    const given = expression(draft, env, without(allowed, []), 1);
    named['rate'] = given.expr;
    parts.push(given);
  }
  if (theirs !== undefined && theirs !== axis) named[theirs] = name(axis!);
  const axes = joined(without(joined(body.axes, inside(prediction)), declared), parts[2]?.axes ?? []);
  const isData = body.isData && prediction.isData && parts.every((part, i) => i < 2 || part.isData);
  return { expr: call(callee, [target.expr, prediction.expr], named), axes, isData };
}
