import { type CompiledLoss, compileLowered } from '../../compiler/compile.js';
import { evaluateLoss, signatureOf } from '../../compiler/evaluate/bind.js';
import { Binding } from '../../compiler/evaluate/binding.js';
import { worldOf } from '../../compiler/explain/probe/world.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredInput, ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/resolve/program.js';
import { invariant } from '../../grammar/invariant.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { createRandom, type Random } from '../random.js';
import type { SingleLoss } from '../runtime/single.js';
import { drawInput } from './draw.js';
import { joined, type Point, type Region } from './point.js';

/** Entries along an axis that nothing fixes. */
const ENTRIES = 3;
/** Items of a point of a loss whose items depend on each other. */
const TOGETHER = 3;

/** The value of each item, and the derivatives of their sum by each prediction and parameter. */
export interface Numbers {
  readonly value: Float64Array;
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

export interface SubjectOptions {
  readonly fromLogits: boolean;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** A loss that is audited, with all that decides what it is given. Throws `BindError` for parameters that do not fit it. */
export class Subject {
  readonly compiled: CompiledLoss;
  /** Without guards: in float64 usually what is right. */
  readonly #bare: CompiledLoss;
  /** As it was simplified, and not made stable: another way to the same numbers. */
  readonly #plain: CompiledLoss;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly itemShapes: ReadonlyMap<string, readonly number[]>;
  readonly items: number;
  readonly #sizes: readonly number[];

  constructor(
    readonly program: Program,
    readonly decl: LossDecl,
    { fromLogits, parameters }: SubjectOptions,
    single: (compiled: CompiledLoss) => SingleLoss,
  ) {
    const { loss } = lowerLoss(program, decl);
    invariant(loss !== undefined, `${decl.name.name} has been checked`);
    this.compiled = compileLowered(loss, { fromLogits });
    this.#bare = compileLowered(loss, { fromLogits, guards: 'none' });
    const { formula, value } = this.#bare;
    this.#plain = {
      ...this.#bare,
      value: formula.value.axes === value.axes ? formula.value : value,
      gradients: formula.gradients,
    };
    this.items = this.compiled.coupled || this.compiled.scalar ? TOGETHER : 1;
    // A list that is given tells how long an axis is, as a default does.
    const own = loss.parameters.map((one) => ({ ...one, default: parameters.get(one.name) ?? one.default }));
    const world = worldOf({ ...loss, parameters: own }, 0, this.items, ENTRIES);
    this.#sizes = world.sizes;
    this.parameters = new Map([...world.parameters, ...parameters]);
    this.itemShapes = new Map(
      this.compiled.inputs.map(({ name, axes }) => [name, axes.map((axis) => world.sizes[axis]!)] as const),
    );
    const point = joined([this.draw('everyday', createRandom('fits'))], this.itemShapes, this.items);
    new Binding(signatureOf(this.compiled), point, this.parameters);
    this.#single = single(this.compiled);
  }

  readonly #single: SingleLoss;

  /** Whether points can be read as one batch. */
  get isItemwise(): boolean {
    return this.items === 1;
  }

  /** Names of the predictions, and of parameters that the value depends on. */
  get predictions(): readonly string[] {
    return [...this.compiled.gradients.keys()].filter((name) => this.itemShapes.has(name));
  }

  get derivedParameters(): readonly string[] {
    return [...this.compiled.gradients.keys()].filter((name) => !this.itemShapes.has(name));
  }

  input(name: string): LoweredInput {
    return this.compiled.inputs.find((input) => input.name === name)!;
  }

  draw(region: Region, random: Random): Point {
    return {
      region,
      inputs: new Map(
        this.compiled.inputs.map(
          (input) => [input.name, drawInput(input, this.#sizes, this.items, region, random)] as const,
        ),
      ),
    };
  }

  redrawn(point: Point, name: string, random: Random): Float64Array {
    return drawInput(this.input(name), this.#sizes, this.items, point.region, random);
  }

  /** What compiled code gives in float32, of each point. Derivatives by parameters are those of the sum of the points. */
  single(points: readonly Point[]): readonly Numbers[] {
    return this.#each(points, (inputs) => ({
      value: this.#single.value(inputs, this.parameters, 'none'),
      gradients: this.#single.gradients(inputs, this.parameters, 'sum'),
    }));
  }

  /** The same in float64 without guards. */
  double(points: readonly Point[]): readonly Numbers[] {
    return this.#each(points, (inputs) => this.#evaluated(this.#bare, inputs));
  }

  /** The same in float64 of the formula as it is read. */
  formula(points: readonly Point[]): readonly Numbers[] {
    return this.#each(points, (inputs) => this.#evaluated(this.#plain, inputs));
  }

  #evaluated(compiled: CompiledLoss, inputs: ReturnType<typeof joined>): Numbers {
    const { items, gradient } = evaluateLoss(compiled, inputs, this.parameters, 'sum', { strict: false });
    return {
      value: items.data,
      gradients: new Map([...gradient].map(([name, { data }]) => [name, data] as const)),
    };
  }

  #each(points: readonly Point[], read: (inputs: ReturnType<typeof joined>) => Numbers): readonly Numbers[] {
    if (!this.isItemwise) return points.map((point) => read(joined([point], this.itemShapes, this.items)));
    const all = read(joined(points, this.itemShapes, 1));
    return points.map((_, i) => {
      const part = (data: Float64Array): Float64Array => {
        const width = data.length / points.length;
        return data.subarray(i * width, (i + 1) * width);
      };
      return {
        value: part(all.value),
        gradients: new Map(
          [...all.gradients].map(
            ([name, data]) => [name, this.#isParameter(name) ? data : part(data)] as const,
          ),
        ),
      };
    });
  }

  #isParameter(name: string): boolean {
    return this.compiled.parameters.some((parameter) => parameter.name === name);
  }
}
