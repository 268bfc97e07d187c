import { type Axis, countOf, product } from '../../../compiler/exact/axes.js';
import { bind as bindAxes, classesOf, type Leaf as FoundLeaf, spread } from '../../../compiler/exact/bind.js';
import type { Interpreter, Scope } from '../../../compiler/exact/interpreter.js';
import type { Domain, LossDecl } from '../../../grammar/tree/ast.js';
import { softmax } from './along.js';
import { apply, RULES } from './elementwise.js';
import { isData } from './roles.js';
import { blank, type Numbers, ordered, type Value } from './value.js';

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
interface Variable {
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

/** Gives every input and parameter its meaning in a scope, by the table "Items, the batch and shapes" of the reference. */
export function bind(
  decl: LossDecl,
  given: Given,
  interpreter: Interpreter<number, Value>,
  scope: Scope<Value>,
): Bound {
  const bound = bindAxes(decl, given, interpreter, scope);
  const { items, batch } = bound;
  const leaves: Leaf[] = [];
  const left = new Set<number>();
  for (const [i, input] of decl.inputs.entries()) {
    const { name, domain } = input;
    const found = bound.inputs[i]!;
    const { axes } = found;
    const numbers = Float64Array.from(found.data);
    const full = given.labels.has(name.name) ? rows(numbers, axes, classesOf(found, domain)) : numbers;
    // Labels of which an item has several leave no item out.
    if (full !== numbers && numbers.length === batch.size)
      for (const [item, label] of numbers.entries()) if (label === IGNORED) left.add(item);
    const leaf = leafOf(found, full);
    if (isData(input, decl.inputs)) scope.names.set(name.name, leaf.value);
    else if (!given.logits.has(name.name)) leaves.push(leaf);
    else leaves.push({ ...leaf, activated: (value) => activated(value, domain!, classesOf(found, domain)) });
  }
  for (const found of bound.parameters) leaves.push(leafOf(found, found.data));

  let width = 0;
  const variables = leaves.map(({ name, shape }): Variable => {
    const start = width;
    width += product(shape);
    return { name, shape, start };
  });
  for (const [i, { name, value, positions, activated: activate }] of leaves.entries()) {
    const seeded: Value = { ...blank(value.axes, width), data: value.data, error: value.error };
    for (const [k, position] of positions.entries())
      seeded.slope![k * width + variables[i]!.start + position] = 1;
    scope.names.set(name, activate === undefined ? seeded : activate(seeded));
  }
  return { items, batch, variables, width, left };
}

/** An input or parameter: its entries by rank, and which number of the tensor each of them is. */
interface Leaf {
  readonly name: string;
  readonly shape: readonly number[];
  readonly value: Value;
  readonly positions: Float64Array;
  /** What softmax or sigmoid makes of it, where it is given as logits. */
  readonly activated?: (value: Value) => Value;
}

function leafOf(found: FoundLeaf<number>, data: ArrayLike<number>): Leaf {
  const { name, shape, axes } = found;
  const places = Array.from({ length: data.length }, (_, k) => k);
  const value = ordered(axes, spread({ ...found, data }));
  return { name, shape, value, positions: ordered(axes, spread({ ...found, data: places })).data };
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

const activated = (value: Value, domain: Domain, classes: Axis | undefined): Value =>
  domain.name.name === 'unit' ? apply(RULES.sigmoid, value) : softmax(value, classes!);
