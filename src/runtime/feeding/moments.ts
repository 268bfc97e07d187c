/** A loss of a mean and a variance as one of the one output that a network gives, in the task where the two are learnt. */
import { rolesOf } from '../../../compiler/lower/roles.js';
import type { Domain, Expr, Input, Let, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { binary, call, name as nameExpr, num } from '../../../grammar/tree/build.js';
import type { TaskKind } from '../tasks/learning.js';
import { LEAST_VARIANCE } from '../tasks/moments.js';
import { REFUSALS } from './refusals.js';

/** What the second prediction is called, and what it is of the variance. */
const SPREADS = {
  variance: (variance: Expr): Expr => variance,
  scale: (variance: Expr): Expr => call('sqrt', [variance]),
} as const;

/**
 * The loss with `[part = 2]` in the place of its two predictions: the first is part 0, and `variance` is softplus of part 1 plus
 * `LEAST_VARIANCE`, or `scale` the root of that. Losses of one prediction, and all of other tasks, stay as they are. Throws a
 * RunError for two predictions that are nothing of the kind.
 */
export function ofOneOutput<D extends LossDecl | SketchDecl>(decl: D, task: TaskKind): D {
  if (task !== 'mean-and-variance') return decl;
  const roles = rolesOf(decl.inputs);
  const predictions = decl.inputs.filter((_, i) => roles[i] === 'prediction');
  const [center, spread] = predictions;
  if (center === undefined || spread === undefined) return decl;
  const ofVariance = spreadNamed(spread.name.name);
  const fits =
    predictions.length === 2 && isNumber(center, 'real') && isNumber(spread, 'positive') && ofVariance;
  if (!fits) throw REFUSALS['no mean and variance'](decl.name.name, predictions);
  const taken = namesOf(decl);
  const [output, part] = ['output', 'part'].map((wanted) => fresh(wanted, taken)) as [string, string];
  const at = (index: number): Expr => call('at', [nameExpr(output), nameExpr(part), num(index)]);
  const variance = binary('+', call('softplus', [at(1)]), num(LEAST_VARIANCE));
  const lets: readonly Let[] = [
    { name: center.name, value: at(0) },
    { name: spread.name, value: fits(variance) },
  ];
  const one: Input = {
    name: { name: output },
    data: false,
    domain: {
      name: { name: 'real' },
      axes: [{ kind: 'axis', name: { name: part }, many: false, size: predictions.length }],
    },
  };
  return {
    ...decl,
    inputs: decl.inputs.flatMap((input) => (input === center ? [one] : input === spread ? [] : [input])),
    body: { ...decl.body, lets: [...lets, ...decl.body.lets] },
  };
}

const spreadNamed = (name: string): ((variance: Expr) => Expr) | undefined =>
  Object.hasOwn(SPREADS, name) ? SPREADS[name as keyof typeof SPREADS] : undefined;

const isNumber = ({ domain }: { readonly domain?: Domain }, of: string): boolean =>
  (domain?.name.name ?? 'real') === of && (domain?.axes ?? []).length === 0;

/** Names of inputs, parameters, lets and axes. */
function namesOf({ inputs, parameters, body }: LossDecl | SketchDecl): ReadonlySet<string> {
  const axes = [...inputs, ...parameters].flatMap(({ domain }) =>
    (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis] : [])),
  );
  return new Set([...inputs, ...parameters, ...body.lets, ...axes].map(({ name }) => name.name));
}

function fresh(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  return name;
}
