import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import {
  arrayOf,
  type Evaluated,
  evaluateLoss,
  type NumberArray,
  nested,
} from '../../compiler/evaluate/bind.js';
import { illegalInputs } from '../../compiler/evaluate/legal.js';
import { evaluateExactly } from '../../compiler/exact/exact.js';
import { worldOf } from '../../compiler/explain/probe/world.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { drawInput } from '../audit/draw.js';
import type { Random } from '../random.js';
import type { Side } from './signatures.js';

/** What both losses are given, by the place of the input. */
export type Inputs = readonly NumberArray[];

/** Digits of an exact number, and most on the way to it: differences are far larger than the last of them. */
const DIGITS = 12;
const MOST = 150;

interface Exactly {
  readonly value: number | undefined;
  readonly gradient: readonly number[] | undefined;
}

/** A loss that is compared, with the parameters that it has here. */
export class Compared {
  readonly compiled: CompiledLoss;

  constructor(
    readonly side: Side,
    fromLogits: boolean,
    readonly parameters: ReadonlyMap<string, ParameterValue>,
  ) {
    this.compiled = compileLoss(side.program, side.decl, { fromLogits });
  }

  /** Random legal inputs, where every axis that nothing fixes has so many entries. */
  draw(entries: number, items: number, random: Random): Inputs {
    const { lowered, inputs } = this.compiled;
    const own = lowered.parameters.map((one) => ({
      ...one,
      default: this.parameters.get(one.name) ?? one.default,
    }));
    const { sizes } = worldOf({ ...lowered, parameters: own }, 0, items, entries);
    return inputs.map((input) => ({
      shape: [items, ...input.axes.map((axis) => sizes[axis]!)],
      data: drawInput(input, sizes, items, 'everyday', random),
    }));
  }

  named(inputs: Inputs): ReadonlyMap<string, NumberArray> {
    return new Map(this.compiled.inputs.map(({ name }, i) => [name, inputs[i]!] as const));
  }

  isLegal(inputs: Inputs): boolean {
    return illegalInputs(this.compiled, this.named(inputs)).length === 0;
  }

  /** Throws `BindError` where the parameters or inputs do not fit. */
  at(inputs: Inputs): Evaluated {
    return evaluateLoss(this.compiled, this.named(inputs), this.parameters);
  }

  get predictions(): readonly string[] {
    return this.compiled.inputs.filter(({ data }) => !data).map(({ name }) => name);
  }

  /** The mean, and its derivative by one prediction, by the definition of the loss. What few digits do not settle is undefined. */
  async exactly(inputs: Inputs, by: string | undefined): Promise<Exactly> {
    const written = ({ shape, data }: NumberArray) => ({ shape, data: Array.from(data, String) });
    const { compiled, parameters, side } = this;
    const given = {
      inputs: new Map([...this.named(inputs)].map(([name, array]) => [name, written(array)] as const)),
      parameters: new Map([...parameters].map(([name, value]) => [name, written(arrayOf(value))] as const)),
      labels: new Set<string>(),
      logits: new Set(compiled.logits),
    };
    const found = await evaluateExactly(
      {
        library: side.program.module,
        decl: side.decl,
        reduction: 'mean',
        ignored: { label: Number.NaN, inputs: new Set() },
        given,
      },
      { digits: DIGITS, by: by === undefined ? [] : [by], most: MOST },
    );
    // No number of digits settles that a slope is exactly 0, and float64 knows it.
    const floats = by === undefined ? [] : Array.from(this.at(inputs).gradient.get(by)!.data);
    const gradient = floats.map((x, k) => found.gradient.get(by!)!.data[k] ?? (x === 0 ? 0 : undefined));
    const [value] = Array.from(found.value.data);
    return {
      value: value === undefined ? undefined : Number(value),
      gradient: gradient.every((x) => x !== undefined) ? gradient.map(Number) : undefined,
    };
  }

  /** Inputs and parameters as options of `lossc eval`. */
  options(inputs: Inputs, given: ReadonlyMap<string, ParameterValue>): string {
    const all = [...this.named(inputs)].map(([name, array]) => option('input', name, nested(array)));
    return [...all, ...[...given].map(([name, value]) => option('param', name, value))].join(' ');
  }
}

const option = (kind: string, name: string, value: ParameterValue): string =>
  `--${kind} '${name}=${JSON.stringify(value)}'`;
