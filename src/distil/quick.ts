/**
 * Trees on a few rows, as fast as breeding needs it. The compiler makes one loop for each operator of the sketch, with its derivatives,
 * and one for what is around the holes; a tree is evaluated by these, and parts without coefficients are evaluated once.
 */
import { differentiate } from '../../compiler/differentiate/differentiate.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import { programOf } from '../../compiler/resolve/program.js';
import type { Axis, Body, Decl, Expr, Input, LossDecl } from '../../grammar/tree/ast.js';
import { call, name as nameExpr } from '../../grammar/tree/build.js';
import { fillSketch } from '../evolve/gp/genome.js';
import { operatorTree, type SearchSpace } from '../evolve/gp/space.js';
import { childrenOf, constantOf, operatorOf } from '../evolve/gp/tree.js';
import type { SketchSubject } from '../evolve/losses/subject.js';
import type { Trees } from '../evolve/model/genome.js';
import type { Fitted } from './coefficients.js';
import { loaded, type Quantity, type RowFunction } from './row-function.js';
import type { Rows } from './samples.js';

/** Values of a tree, and their derivatives by the prediction; undefined where it does not depend on it, or nobody asks. */
interface Column {
  readonly value: Float64Array;
  readonly slope: Float64Array | undefined;
}

type Kernel = RowFunction['run'];

/** Step of a difference quotient by a coefficient, relative to it. */
const STEP = 1e-6;

/** Trees of a sketch as functions of their coefficients at these rows. */
export class QuickRows {
  readonly #kernels = new Map<string, Kernel | undefined>();
  readonly #columns = new WeakMap<Expr, Column>();
  readonly #leaves = new Map<string, Column>();
  readonly #around: Kernel | undefined;
  readonly #count: number;
  readonly #scratch: Float64Array;
  readonly #holes: readonly string[];

  constructor(
    private readonly subject: SketchSubject,
    space: SearchSpace,
    private readonly rows: Rows,
    private readonly quantity: Quantity,
  ) {
    const { sketch, library } = subject;
    this.#count = rows.wanted.length;
    this.#holes = Array.from({ length: space.holes }, (_, i) => `(hole ${i})`);
    const by = quantity.kind === 'gradient' ? [quantity.by] : [];
    const around = fillSketch(sketch, this.#holes.map(nameExpr), sketch.name.name).body;
    const axes = sketch.inputs.find(({ domain }) => domain?.axes !== undefined)?.domain?.axes ?? [];
    // A hole stands for a value of each class, or of an item.
    const kernels = [axes, []].map((of) => {
      const inputs = [...sketch.inputs, ...this.#holes.map((name) => real(name, of))];
      return this.#kernel(inputs, around, [...by, ...this.#holes], library);
    });
    this.#around = kernels[0] ?? kernels[1];
    this.#scratch = new Float64Array(this.#count * (1 + Math.max(2, by.length + space.holes, MOST_OPERANDS)));
    const { lets } = sketch.body;
    for (const leaf of space.leaves)
      if (leaf.kind === 'name') {
        const input = sketch.inputs.findIndex(({ name }) => name.name === leaf.name);
        if (input >= 0) {
          const slope = by[0] === leaf.name ? new Float64Array(this.#count).fill(1) : undefined;
          this.#leaves.set(leaf.name, { value: rows.columns[input]!, slope });
          continue;
        }
        const item = nameExpr(leaf.name);
        // The sum over one class is the value of that class.
        const kernel = [item, summed(item, axes)]
          .map((result) => this.#kernel(sketch.inputs, { lets, result }, by, library))
          .find((one) => one !== undefined);
        this.#leaves.set(leaf.name, this.#leaf(kernel, by.length));
      }
  }

  /** The quantity with its derivatives by the coefficients; undefined where the sketch has something that stands not alone in a row. */
  rowsOf({ trees, starts }: Pick<Fitted, 'trees' | 'starts'>): RowFunction | undefined {
    const width = 1 + starts.length;
    const around = this.#around;
    if (around === undefined) return undefined;
    const masks = new Map<Expr, number>();
    for (const tree of trees) noteCoefficients(tree, masks);
    return {
      width,
      run: (_, coefficients, count, result) => {
        const columns = new Map<Expr, Column>();
        const holes = trees.map((tree) => this.#column(tree, { coefficients, masks, columns }));
        const here = this.#quantityOf(holes, around);
        for (let i = 0; i < count; i++) result[i * width] = here[i]!;
        for (let k = 0; k < starts.length; k++) {
          const step = STEP * Math.max(1, Math.abs(coefficients[k]!));
          const moved = coefficients.with(k, coefficients[k]! + step);
          const at: Point = { coefficients: moved, masks, columns, moved: 1 << k };
          const there = this.#quantityOf(
            trees.map((tree) => this.#column(tree, at)),
            around,
          );
          for (let i = 0; i < count; i++) result[i * width + 1 + k] = (there[i]! - here[i]!) / step;
        }
      },
    };
  }

  /** The quantity with trees that have no coefficients in the holes. */
  quantityOf(trees: Trees): Float64Array | undefined {
    const rows = this.rowsOf({ trees, starts: NONE });
    const result = new Float64Array(this.#count);
    rows?.run(this.rows.columns, NONE, this.#count, result);
    return rows && result;
  }

  /** Derivatives of the loss by its holes, at each row, where the holes have these values. */
  holeSlopes(values: Float64Array): readonly Float64Array[] | undefined {
    const holes = [...values].map((value) => this.#constant(value));
    if (this.#around === undefined) return undefined;
    this.#quantityOf(holes, this.#around);
    const [first, width] = [this.quantity.kind === 'gradient' ? 2 : 1, this.#widthOf(holes.length)];
    return holes.map(({ value }, k) => value.map((_, i) => this.#scratch[i * width + first + k]!));
  }

  #widthOf(holes: number): number {
    return 1 + (this.quantity.kind === 'gradient' ? 1 : 0) + holes;
  }

  #quantityOf(holes: readonly Column[], around: Kernel): Float64Array {
    const scratch = this.#scratch;
    around([...this.rows.columns, ...holes.map(({ value }) => value)], NONE, this.#count, scratch);
    const slopes = this.quantity.kind === 'gradient';
    const width = this.#widthOf(holes.length);
    const found = new Float64Array(this.#count);
    for (let i = 0; i < found.length; i++) found[i] = scratch[i * width + (slopes ? 1 : 0)]!;
    if (!slopes) return found;
    for (const [k, { slope }] of holes.entries())
      if (slope !== undefined)
        for (let i = 0; i < found.length; i++) found[i]! += scratch[i * width + 2 + k]! * slope[i]!;
    return found;
  }

  #column(tree: Expr, at: Point): Column {
    const mask = at.masks.get(tree)!;
    const store = mask === 0 ? this.#columns : at.columns;
    const isMoved = at.moved !== undefined && (mask & at.moved) !== 0;
    const known = isMoved ? undefined : store.get(tree);
    if (known !== undefined) return known;
    const column = this.#computed(tree, at);
    if (!isMoved) store.set(tree, column);
    return column;
  }

  #computed(tree: Expr, at: Point): Column {
    if (tree.kind === 'name')
      return this.#leaves.get(tree.name) ?? this.#constant(at.coefficients[coefficientOf(tree.name)]!);
    const number = constantOf(tree);
    if (number !== undefined) return this.#constant(number);
    return this.#applied(
      operatorOf(tree)!,
      childrenOf(tree).map((child) => this.#column(child, at)),
    );
  }

  #constant(value: number): Column {
    return { value: new Float64Array(this.#count).fill(value), slope: undefined };
  }

  #applied(operator: string, operands: readonly Column[]): Column {
    const arity = operands.length;
    const key = `${operator}/${arity}`;
    if (!this.#kernels.has(key)) {
      const names = operands.map((_, k) => `(operand ${k})`);
      const result = operatorTree(operator, names.map(nameExpr));
      const kernel = this.#kernel(
        names.map((name) => real(name)),
        { lets: [], result },
        names,
        this.subject.library,
      );
      this.#kernels.set(key, kernel);
    }
    const kernel = this.#kernels.get(key);
    const count = this.#count;
    const value = new Float64Array(count);
    if (kernel === undefined) return { value: value.fill(Number.NaN), slope: undefined };
    const scratch = this.#scratch;
    kernel(
      operands.map((one) => one.value),
      NONE,
      count,
      scratch,
    );
    const width = 1 + arity;
    for (let i = 0; i < count; i++) value[i] = scratch[i * width]!;
    let slope: Float64Array | undefined;
    for (const [k, operand] of operands.entries()) {
      // A power has no derivative by an exponent where its base is negative, and none is asked of a number.
      if (operand.slope === undefined) continue;
      slope ??= new Float64Array(count);
      for (let i = 0; i < count; i++) slope[i]! += scratch[i * width + 1 + k]! * operand.slope[i]!;
    }
    return { value, slope };
  }

  #leaf(kernel: Kernel | undefined, slopes: number): Column {
    const value = new Float64Array(this.#count).fill(Number.NaN);
    if (kernel === undefined) return { value, slope: undefined };
    const width = 1 + slopes;
    kernel(this.rows.columns, NONE, this.#count, this.#scratch);
    for (let i = 0; i < value.length; i++) value[i] = this.#scratch[i * width]!;
    const slope = value.map((_, i) => (slopes === 0 ? 0 : this.#scratch[i * width + 1]!));
    return { value, slope: slope.every((x) => x === 0) ? undefined : slope };
  }

  /** The value of an expression and its derivatives by some inputs. */
  #kernel(
    inputs: readonly Input[],
    body: Body,
    by: readonly string[],
    library: readonly Decl[],
  ): Kernel | undefined {
    const { parameters } = this.subject.sketch;
    const part: LossDecl = { kind: 'loss', name: { name: 'part' }, inputs, parameters, body };
    const { loss } = lowerLoss(programOf([part], library), part);
    if (loss === undefined) return undefined;
    const builder = new RawBuilder(loss.graph);
    const leaves = by.map((name) => loss.inputs.find((input) => input.name === name)!.node);
    const roots = [loss.value, ...differentiate(builder, loss.value, leaves, builder.constant(1))];
    return loaded(roots, loss, inputs.length);
  }
}

const MOST_OPERANDS = 4;
const NONE = new Float64Array(0);

const real = (name: string, axes: readonly Axis[] = []): Input => ({
  name: { name },
  data: false,
  domain: { name: { name: 'real' }, ...(axes.length > 0 && { axes }) },
});

const summed = (item: Expr, axes: readonly Axis[]): Expr =>
  axes.reduce(
    (sum, axis) => (axis.kind === 'axis' ? call('sum', [sum, nameExpr(axis.name.name)]) : sum),
    item,
  );

/** Coefficients, what is known of a tree there, and which of them have been moved since. */
interface Point {
  readonly coefficients: Float64Array;
  /** The coefficients of each part, as bits. */
  readonly masks: ReadonlyMap<Expr, number>;
  readonly columns: Map<Expr, Column>;
  readonly moved?: number;
}

const coefficientOf = (name: string): number => Number(name.slice(1, -1));

function noteCoefficients(tree: Expr, masks: Map<Expr, number>): number {
  const own = tree.kind === 'name' && tree.name.startsWith('(') ? 1 << coefficientOf(tree.name) : 0;
  const mask = childrenOf(tree).reduce((bits, child) => bits | noteCoefficients(child, masks), own);
  masks.set(tree, mask);
  return mask;
}
