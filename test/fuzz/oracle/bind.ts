import type { Domain, LossDecl } from '../../../grammar/ast.js';
import { softmax } from './along.js';
import { apply, RULES } from './elementwise.js';
import { type Interpreter, OracleError, type Scope } from './interpret.js';
import { isData } from './roles.js';
import { type Axis, blank, countOf, type Numbers, type Value } from './value.js';

/** What a loss is given. */
export interface Given {
  readonly inputs: ReadonlyMap<string, Numbers>;
  /** Parameters that are not left to their default; shape `[]` is one number, spread along the axes. */
  readonly parameters: ReadonlyMap<string, Numbers>;
  /** Inputs that are given as whole numbers without their last axis. */
  readonly labels: ReadonlySet<string>;
  /** Predictions that are given before softmax or sigmoid. */
  readonly logits: ReadonlySet<string>;
}

/** An input or parameter that the loss is differentiated by, and where its derivatives are. */
export interface Variable {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: number;
}

export interface Bound {
  readonly items: readonly number[];
  readonly batch: Axis;
  readonly variables: readonly Variable[];
  readonly width: number;
  /** Items that an ignored label leaves out, by their places. */
  readonly left: ReadonlySet<number>;
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
/** The axis along which a domain adds up to 1: the last one unless it is named. */
const simplexOf = (domain: Domain | undefined): string | undefined =>
  domain?.over?.name ?? namedAxes(domain).at(-1)?.name;
const namedAxes = (domain: Domain | undefined) =>
  (domain?.axes ?? []).flatMap((axis) => (axis.kind === 'axis' ? [axis] : []));

/** Gives every input and parameter its meaning in a scope, by the table "Items, the batch and shapes" of the reference. */
export function bind(decl: LossDecl, given: Given, interpreter: Interpreter, scope: Scope): Bound {
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
  scope.names.set('batch', batch);

  for (const { own, rest } of shapes) {
    let next = 0;
    for (const { name, many } of own) {
      const length = many ? rest.length - own.length + 1 : 1;
      const size = product(rest.slice(next, next + length));
      next += length;
      const known = scope.names.get(name);
      if (known === undefined) scope.names.set(name, interpreter.axis(name, size));
      else if ((known as Axis).size !== size)
        throw new OracleError(`${decl.name.name}: "${name}" has two sizes`);
    }
  }

  const parameters = decl.parameters.map(({ name, default: written }) => {
    const known = given.parameters.get(name.name);
    if (known === undefined && written === undefined) throw new OracleError(`"${name.name}" is not given`);
    return known ?? interpreter.numbers(written!, scope);
  });
  for (const [i, { domain }] of decl.parameters.entries())
    for (const [k, { name }] of namedAxes(domain).entries())
      if (!scope.names.has(name)) scope.names.set(name, interpreter.axis(name, parameters[i]!.shape[k] ?? 1));

  const axesOf = (domain: Domain | undefined): Axis[] =>
    namedAxes(domain).map(({ name }) => scope.names.get(name) as Axis);
  const leaves: Leaf[] = [];
  const left = new Set<number>();
  for (const [i, input] of decl.inputs.entries()) {
    const { name, domain } = input;
    const numbers = given.inputs.get(name.name)!.data;
    const axes = [batch, ...axesOf(domain)];
    const classes = axes.find((axis) => axis.name === simplexOf(domain));
    const full = given.labels.has(name.name) ? rows(numbers, axes, classes!) : numbers;
    // Labels of which an item has several leave no item out.
    if (full !== numbers && numbers.length === batch.size)
      for (const [item, label] of numbers.entries()) if (label === IGNORED) left.add(item);
    const leaf = leafOf(name.name, [...items, ...shapes[i]!.rest], axes, full, interpreter);
    if (isData(input, decl.inputs)) scope.names.set(name.name, leaf.value);
    else leaves.push({ ...leaf, logits: given.logits.has(name.name) ? domain : undefined });
  }
  for (const [i, { name, domain }] of decl.parameters.entries()) {
    const { shape, data } = parameters[i]!;
    leaves.push(leafOf(name.name, shape, axesOf(domain), data, interpreter));
  }

  let width = 0;
  const variables = leaves.map(({ name, shape }): Variable => {
    const start = width;
    width += product(shape);
    return { name, shape, start };
  });
  for (const [i, { name, value, positions, logits }] of leaves.entries()) {
    const seeded: Value = { ...blank(value.axes, width), data: value.data, error: value.error };
    for (const [k, position] of positions.entries())
      seeded.slope![k * width + variables[i]!.start + position] = 1;
    scope.names.set(name, logits === undefined ? seeded : activated(seeded, logits, axesOf(logits)));
  }
  return { items, batch, variables, width, left };
}

/** An input or parameter: its entries by rank, and which number of the tensor each of them is. */
interface Leaf {
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Value;
  readonly positions: Float64Array;
  /** The domain that softmax or sigmoid leads to. */
  readonly logits?: Domain | undefined;
}

function leafOf(
  name: string,
  shape: readonly number[],
  axes: readonly Axis[],
  numbers: Float64Array,
  interpreter: Interpreter,
): Leaf {
  const count = countOf(axes);
  // One number for a parameter with axes is spread along them.
  const spread = numbers.length === count ? numbers : new Float64Array(count).fill(numbers[0]!);
  const places = numbers.length === count ? Float64Array.from(numbers, (_, k) => k) : new Float64Array(count);
  const value = interpreter.ordered(axes, spread);
  return { name, shape, value, positions: interpreter.ordered(axes, places).data };
}

/** The label that leaves its item out. */
const IGNORED = -100;

/** Labels, which lack one axis, as rows with a single 1 along it. What is no class is no number. */
function rows(labels: Float64Array, axes: readonly Axis[], classes: Axis): Float64Array {
  const { size } = classes;
  const inner = countOf(axes.slice(axes.indexOf(classes) + 1));
  const result = new Float64Array(labels.length * size);
  for (const [i, label] of labels.entries()) {
    const start = Math.floor(i / inner) * size * inner + (i % inner);
    const isClass = Number.isInteger(label) && label >= 0 && label < size;
    for (let k = 0; k < size; k++) result[start + k * inner] = !isClass ? Number.NaN : k === label ? 1 : 0;
  }
  return result;
}

const activated = (value: Value, domain: Domain, axes: readonly Axis[]): Value =>
  domain.name === 'unit'
    ? apply(RULES.sigmoid, value)
    : softmax(value, axes.find((axis) => axis.name === simplexOf(domain))!);
