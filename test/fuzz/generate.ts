import type { LossDecl, LossFile } from '../../grammar/tree/ast.js';
import { binary, call, name } from '../../grammar/tree/build.js';
import type { Random } from '../../src/random.js';
import { condition, expression } from './generate/expressions.js';
import { type Signature, signature } from './generate/signature.js';
import { type Draft, type Env, joined, known, operation, type Typed, without } from './generate/typed.js';

/** A program and what it takes to draw inputs for it. Its loss is called `f`. */
export interface Generated {
  readonly file: LossFile;
  readonly signature: Signature;
}

/** A random program that type-checks, with anything that the language has. */
export function generate(random: Random): Generated {
  const counts = new Map<string, number>();
  const draft: Draft = {
    random,
    declarations: [],
    fresh: (stem) => {
      const count = (counts.get(stem) ?? 0) + 1;
      counts.set(stem, count);
      return `${stem}${count}`;
    },
  };
  const signed = signature(random);
  const { inputs, parameters, axes } = signed;
  let env: Env = { names: signed.names, axes: ['batch', ...axes], calls: 0 };
  const lets: { name: { name: string }; value: Typed['expr'] }[] = [];
  const all = ['batch', ...axes];
  for (let i = random.int(3); i > 0; i--) {
    const isCondition = random.next() < 0.25;
    const make = isCondition ? condition : expression;
    const copied = !isCondition && random.next() < 0.12 ? renamed(draft, env) : undefined;
    const value = copied?.value ?? make(draft, env, all, 1 + random.int(3));
    const text = draft.fresh('v');
    lets.push({ name: { name: text }, value: value.expr });
    const { axes: along, isData } = value;
    env = {
      ...env,
      names: [...env.names, known(text, along, { isData, isCondition })],
      axes: copied === undefined ? env.axes : [...env.axes, copied.axis],
    };
  }
  const body = expression(draft, env, ['batch'], 2 + random.int(4));
  const decl: LossDecl = {
    kind: 'loss',
    name: { name: 'f' },
    inputs,
    parameters,
    body: { lets, result: (body.isData ? predicted(random, env, body) : body).expr },
  };
  return { file: { declarations: [...draft.declarations, decl] }, signature: signed };
}

/** An axis that is a copy of another from here on. */
function renamed(draft: Draft, env: Env): { value: Typed; axis: string } | undefined {
  const along = env.names.filter((entry) => !entry.isCondition && entry.axes.length > 0);
  if (along.length === 0) return undefined;
  const entry = draft.random.pick(along);
  const from = draft.random.pick(entry.axes.filter((axis) => env.axes.includes(axis)));
  const axis = draft.fresh('copy');
  const axes = joined(without(entry.axes, [from]), [axis]);
  return { value: { ...entry, axes, expr: call('rename', [entry.expr, name(from), name(axis)]) }, axis };
}

/** With a term that depends on a prediction, as every loss does. */
function predicted(random: Random, env: Env, body: Typed): Typed {
  const moving = env.names.filter((entry) => !entry.isData && !entry.isCondition);
  const entry = random.pick(moving.filter(({ axes }) => axes.includes('batch')));
  const over = without(entry.axes, ['batch']);
  const sum =
    over.length === 0
      ? entry.expr
      : call(random.pick(['sum', 'mean', 'max']), [entry.expr, ...over.map((axis) => name(axis))]);
  return operation('+', body, { ...entry, expr: binary('*', sum, sum), axes: ['batch'] });
}
