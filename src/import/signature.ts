/** Inputs and parameters of the loss that a formula becomes. */
import { name as nameExpr } from '../../grammar/tree/build.js';
import { type Domained, domainOf, type Evidence, targetDomain } from './domains.js';
import { type Layout, namedAxes } from './layout.js';
import type { Names } from './names.js';
import { hyperparameterOf, isWeight, type Named, rolesOf } from './roles.js';
import { type Formula, withoutOwner } from './term.js';
import { numberValue, type Shape, type Value } from './value.js';
import type { WrittenInput, WrittenParameter } from './write.js';

/** A name that the formula does not define. */
interface Free extends Omit<Named, 'name'> {
  /** As the formula has it. */
  readonly given: string;
  /** As the loss has it. */
  readonly name: string;
  readonly value: Value;
}

/** Names with their roles and shapes. */
export function freeOf(
  formula: Formula,
  names: readonly string[],
  layout: Layout,
  perItem: ReadonlySet<string>,
  own: Names,
): readonly Free[] {
  return rolesOf(names, formula).map((one) => {
    const named = withoutItems(one, formula, layout);
    const name = own.fresh(withoutOwner(one.name));
    const shape = formula.axes?.shapeOf(one.name) ?? shapeOf(named, layout, perItem);
    return { ...named, given: one.name, name, value: numberValue(nameExpr(name), shape) };
  });
}

/** Where the items have a letter, what lacks it is the same for all of them. */
function withoutItems(named: Named, { axes }: Formula, { shape }: Layout): Named {
  const { name, role } = named;
  if (axes === undefined || role === 'parameter' || !shape.includes('batch')) return named;
  if (axes.shapeOf(name).includes('batch')) return named;
  return {
    name,
    role: 'parameter',
    question: `${name} has no item index, so it is read as a parameter, which has to be given: is it one?`,
  };
}

/** Tensors have all axes, but for those of one number per item; parameters none, but for weights of classes. */
function shapeOf({ name, role }: Named, { shape, axes }: Layout, perItem: ReadonlySet<string>): Shape {
  if (role !== 'parameter') return perItem.has(name) ? shape.slice(0, 1) : shape;
  const last = axes?.at(-1);
  const isOneAxis = shape.length === 2 && last?.kind === 'axis' && !last.many;
  return isWeight(name) && isOneAxis ? shape.slice(1) : [];
}

const kept = (...questions: readonly (string | undefined)[]): readonly string[] =>
  questions.filter((one) => one !== undefined);

/** Domains and axes, from what the formula does with each name. */
export function signatureOf(
  free: readonly Free[],
  layout: Layout,
  evidence: Evidence,
): { readonly inputs: readonly WrittenInput[]; readonly parameters: readonly WrittenParameter[] } {
  const hasClasses = ({ value }: Free): boolean => value.shape.includes('class');
  const described = new Map<Free, Domained>();
  for (const one of free)
    if (one.role === 'prediction') described.set(one, domainOf(one.name, evidence, hasClasses(one)));
  const predictions = [...described.values()].map(({ domain }) => domain);
  const input = (one: Free): WrittenInput => {
    const { domain, question } =
      described.get(one) ?? targetDomain(one.name, one.role, evidence, predictions, hasClasses(one));
    const isSimplex = domain === 'probability' || domain === 'onehot';
    // Without an axis of classes there is nothing along which numbers could add up to 1.
    const fits = !isSimplex || hasClasses(one);
    return {
      name: one.name,
      isData: one.role !== 'prediction',
      domain: fits ? domain : 'unit',
      axes: one.value.shape.join() === layout.shape.join() ? layout.axes : namedAxes(one.value.shape),
      over: isSimplex && fits && layout.shape.at(-1) !== 'class' ? 'class' : undefined,
      questions: kept(one.question, question),
    };
  };
  return {
    inputs: free.filter(({ role }) => role !== 'parameter').map(input),
    parameters: free.filter(({ role }) => role === 'parameter').map(parameterOf),
  };
}

function parameterOf({ given, name, preset, question, value }: Free): WrittenParameter {
  const usual = hyperparameterOf(given)?.domain ?? 'real';
  const fits = preset === undefined || (usual === 'positive' ? preset > 0 : usual === 'real' || preset >= 0);
  return {
    name,
    domain: fits ? usual : 'real',
    axes: namedAxes(value.shape),
    preset,
    questions: kept(question),
  };
}
