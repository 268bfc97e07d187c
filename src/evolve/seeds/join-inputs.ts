/** One list of inputs for losses that are searched with together. */
import { rolesOf } from '../../../compiler/lower/roles.js';
import { printDomain } from '../../../grammar/print/print.js';
import type { Axis, Domain, Expr, Input, LossDecl } from '../../../grammar/tree/ast.js';
import { name as nameExpr } from '../../../grammar/tree/build.js';
import { equalTrees } from '../../../grammar/tree/walk.js';
import { RunError } from '../../errors.js';
import { inTermsOf } from '../gp/spread.js';

export interface JoinedInputs {
  readonly inputs: readonly Input[];
  /** Names of the axes of the inputs. */
  readonly axes: readonly string[];
}

/** Domains of one form of labels, narrowest first: what data gives the first, it gives the others. */
const LABELS = ['onehot', 'binary', 'probability', 'unit', 'nonnegative', 'real'];
/** Domains of outputs that stand for themselves. */
const OPEN = ['logits', 'real'];

/** Inputs under names and domains of the losses; throws a RunError for losses whose inputs do not go together. */
export function joinInputs(losses: readonly LossDecl[]): JoinedInputs {
  const inputs = losses.slice(1).reduce((joined, loss) => join(joined, loss, losses[0]!), losses[0]!.inputs);
  return { inputs, axes: [...new Set(inputs.flatMap(({ domain }) => axesOf(domain)))] };
}

/** What the inputs and axes of a loss are called in the joined list, by name. */
export function renamedInputs({ inputs }: JoinedInputs, loss: LossDecl): Map<string, Expr> {
  const names = new Map<string, Expr>();
  for (const [mine, theirs] of pairs(loss.inputs, inputs)) {
    names.set(mine.name.name, inTermsOf(theirs.name.name, mine.name.name));
    const axes = axesOf(theirs.domain);
    for (const [k, axis] of axesOf(mine.domain).entries()) names.set(axis, nameExpr(axes[k]!));
  }
  return names;
}

/** Axes that a loss knows nothing of: each number along them is an item to it. */
export function foreignAxes({ axes }: JoinedInputs, loss: LossDecl): readonly string[] {
  return loss.inputs.some(({ domain }) => axesOf(domain).length > 0) ? [] : axes;
}

export const axesOf = (domain: Domain | undefined): string[] =>
  (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis.name.name] : []));

/** Inputs of one role and position. */
function pairs(mine: readonly Input[], theirs: readonly Input[]): (readonly [Input, Input])[] {
  const [ours, others] = [rolesOf(mine), rolesOf(theirs)];
  return [true, false].flatMap((data) => {
    const left = mine.filter((_, i) => (ours[i] !== 'prediction') === data);
    const right = theirs.filter((_, i) => (others[i] !== 'prediction') === data);
    return left.map((input, i) => [input, right[i]!] as const);
  });
}

function join(joined: readonly Input[], loss: LossDecl, first: LossDecl): readonly Input[] {
  const found = pairs(joined, loss.inputs);
  const counts = [true, false].map((data) => [joined, loss.inputs].map((all) => countOf(all, data)));
  if (counts.some(([a, b]) => a !== b)) throw apart(loss, first, loss.inputs.map(textOf).join(', '));
  const roles = rolesOf(joined);
  const merged = joined.map((input, i) => {
    const other = found.find(([mine]) => mine === input)![1];
    const domain = joinDomains(input.domain, other.domain, roles[i] === 'prediction' ? OPEN : LABELS);
    if (domain === undefined) throw apart(loss, first, `${textOf(other)} and ${textOf(input)}`);
    return { ...input, domain };
  });
  const [wide, narrow] = [joined, loss.inputs].map((all) =>
    all.every(({ domain }) => axesOf(domain).length > 0),
  );
  const mixed = found.some(([a, b]) => axesOf(a.domain).length !== axesOf(b.domain).length);
  if (mixed && wide === narrow) throw apart(loss, first, loss.inputs.map(textOf).join(', '));
  return merged;
}

const countOf = (inputs: readonly Input[], data: boolean): number =>
  rolesOf(inputs).filter((role) => (role !== 'prediction') === data).length;

const textOf = ({ name, domain }: Input): string =>
  domain === undefined ? name.name : `${name.name}: ${printDomain(domain)}`;

const apart = (loss: LossDecl, first: LossDecl, what: string): RunError =>
  new RunError(
    `${loss.name.name} and ${first.name.name} cannot start the same search: their inputs differ (${what})`,
    'start a search for each, or write a sketch with the inputs that you want',
  );

const REAL: Domain = { name: { name: 'real' } };

/** The narrower of two domains, along the axes of the one that has some; undefined where one is not part of the other. */
function joinDomains(a: Domain = REAL, b: Domain = REAL, chain: readonly string[]): Domain | undefined {
  const axes: readonly Axis[] | undefined = axesOf(a).length > 0 ? a.axes : (b.axes ?? a.axes);
  const over = axesOf(a).length > 0 ? a.over : b.over;
  const [left, right] = [a, b].map(({ name }) => chain.indexOf(name.name));
  const same = a.name.name === b.name.name && equalTrees(a.bounds ?? [], b.bounds ?? []);
  if (!same && (left! < 0 || right! < 0)) return undefined;
  const { name, bounds } = same || left! < right! ? a : b;
  // A simplex has an axis.
  return {
    name,
    ...(bounds !== undefined && { bounds }),
    ...(axes !== undefined && { axes }),
    ...(over !== undefined && { over }),
  };
}
