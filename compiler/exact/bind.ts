import type { Domain, LossDecl } from '../../grammar/tree/ast.js';
import type { OnAxes } from './arithmetic.js';
import { type Axis, countOf, type Numbers, product } from './axes.js';
import { type Interpreter, MeaninglessError, type Scope } from './interpreter.js';

/** What a loss is given. */
export interface Given<N> {
  readonly inputs: ReadonlyMap<string, Numbers<N>>;
  /** Parameters that are not left to their default; shape `[]` is one number, spread along the axes. */
  readonly parameters: ReadonlyMap<string, Numbers<N>>;
  /** Inputs that are given as whole numbers without their axis of classes. */
  readonly labels: ReadonlySet<string>;
  /** Predictions that are given before softmax or sigmoid. */
  readonly logits: ReadonlySet<string>;
}

/** An input or parameter along its axes. */
export interface Leaf<N> {
  readonly name: string;
  readonly axes: readonly Axis[];
  /** The shape of what was given, which is that of the derivatives. */
  readonly shape: readonly number[];
  /** One number, or one for each entry along the axes. */
  readonly data: ArrayLike<N>;
}

export interface Bound<N> {
  readonly items: readonly number[];
  readonly batch: Axis;
  readonly inputs: readonly Leaf<N>[];
  readonly parameters: readonly Leaf<N>[];
}

const namedAxes = (domain: Domain | undefined) =>
  (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [{ ...axis, name: axis.name.name }] : []));
/** The axis along which a domain adds up to 1: the last one unless it is named. */
const simplexOf = (domain: Domain | undefined): string | undefined =>
  domain?.over?.name ?? namedAxes(domain).at(-1)?.name;

/** Finds the axes of every input and parameter, by the table "Items, the batch and shapes" of the reference. */
export function bind<N, V extends OnAxes>(
  decl: LossDecl,
  given: Given<N>,
  interpreter: Interpreter<N, V>,
  scope: Scope<V>,
): Bound<N> {
  const shapes = decl.inputs.map(({ name, domain }) => {
    const axes = namedAxes(domain);
    const own = given.labels.has(name.name) ? axes.filter((axis) => axis.name !== simplexOf(domain)) : axes;
    const { shape } = given.inputs.get(name.name)!;
    const isOpen = domain?.axes === undefined || domain.axes[0]?.kind === 'rest';
    const items = isOpen ? shape.slice(0, shape.length - own.length) : shape.slice(0, 1);
    return { own, items, rest: shape.slice(items.length) };
  });
  // A last axis of size 1 that another input lacks is dropped.
  const items = shapes.map((entry) => entry.items).reduce((a, b) => (b.length < a.length ? b : a));
  const batch = interpreter.axis('batch', product(items));
  const axes = new Map<string, Axis>([['batch', batch]]);
  const define = (name: string, size: number): void => {
    const known = axes.get(name);
    if (known === undefined) axes.set(name, interpreter.axis(name, size));
    else if (known.size !== size) throw new MeaninglessError(`"${name}" has two sizes`);
  };
  for (const { own, rest } of shapes) {
    let next = 0;
    for (const { name, many } of own) {
      const length = many ? rest.length - own.length + 1 : 1;
      define(name, product(rest.slice(next, next + length)));
      next += length;
    }
  }
  for (const [name, axis] of axes) scope.names.set(name, axis);

  const parameters = decl.parameters.map(({ name, domain, default: written }) => {
    const known = given.parameters.get(name.name);
    if (known === undefined && written === undefined)
      throw new MeaninglessError(`"${name.name}" is not given`);
    return { name: name.name, domain, ...(known ?? interpreter.numbers(written!, scope)) };
  });
  for (const { domain, shape } of parameters)
    for (const [k, { name, size }] of namedAxes(domain).entries())
      if (!axes.has(name)) {
        define(name, shape[k] ?? size ?? 1);
        scope.names.set(name, axes.get(name)!);
      }
  const axesOf = (domain: Domain | undefined): Axis[] => namedAxes(domain).map(({ name }) => axes.get(name)!);
  return {
    items,
    batch,
    inputs: decl.inputs.map(({ name, domain }, i) => ({
      name: name.name,
      axes: [batch, ...axesOf(domain)],
      shape: [...items, ...shapes[i]!.rest],
      data: given.inputs.get(name.name)!.data,
    })),
    parameters: parameters.map(({ name, domain, shape, data }) => ({
      name,
      axes: axesOf(domain),
      shape,
      data,
    })),
  };
}

/** What was given as labels has one number for each entry along these axes. */
export const axesOfLabels = <N>({ axes }: Leaf<N>, domain: Domain | undefined): readonly Axis[] =>
  axes.filter((axis) => axis.name !== simplexOf(domain));

/** The axis along which an input adds up to 1. */
export const classesOf = <N>({ axes }: Leaf<N>, domain: Domain | undefined): Axis =>
  axes.find((axis) => axis.name === simplexOf(domain))!;

/** One number for an input or parameter with axes is spread along them. */
export const spread = <N>({ axes, data }: Leaf<N>): ArrayLike<N> => {
  const count = countOf(axes);
  return data.length === count ? data : Array.from({ length: count }, () => data[0]!);
};
