import { type CompiledLoss, compileLowered } from '../../compile.js';
import type { LoweredInput, LoweredLoss } from '../../lower/lowered.js';
import { Probe } from '../probe/probe.js';
import { type World, worldOf } from '../probe/world.js';
import type { Entry } from './entry.js';
import type { SampledLine } from './line.js';
import { plainEntries, statedOf } from './stated.js';

const POINTS = 161;
/** Items of a batch whose items are one loss together. */
const ITEMS = 4;

/** A loss with everything around it fixed: lengths of axes, parameters, the size of the batch. */
export interface Room {
  readonly compiled: CompiledLoss;
  readonly world: World;
  readonly items: number;
  /** Items matter to each other. */
  readonly together: boolean;
}

/** A line through the space of inputs. */
export interface Path {
  /** What tells it from other lines of the same loss. */
  readonly note: string;
  readonly from: number;
  readonly to: number;
  /** Entries of the whole batch, by the name of the input; other inputs are held at something plain. */
  readonly inputs: ReadonlyMap<string, readonly Entry[]>;
}

/** `entries` is the length of axes that nothing else fixes. */
export function roomOf(loss: LoweredLoss, entries: number): Room {
  const compiled = compileLowered(loss);
  const together = compiled.coupled || compiled.scalar;
  return {
    compiled,
    world: worldOf(loss, undefined, entries, entries),
    items: together ? ITEMS : 1,
    together,
  };
}

/** Numbers of an input in the whole batch. */
export const sizeOf = ({ world, items }: Room, { axes }: LoweredInput): number =>
  axes.reduce((size, axis) => size * world.sizes[axis]!, items);

/** The loss along a path: values, and what its gradients make of moving along. */
export function sampleAlong(room: Room, { note, from, to, inputs: moved }: Path): SampledLine {
  const { compiled, world, items } = room;
  const entries = new Map(
    compiled.inputs.map((input) => [input.name, moved.get(input.name) ?? plainEntries(input, world, items)]),
  );
  const probe = new Probe(compiled, world);
  const x = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const read = x.map((at) => {
    const given = new Map(
      [...entries].map(([name, all]) => [name, Float64Array.from(all, (entry) => entry.at(at))]),
    );
    const { values, gradients } = probe.batch(items, given);
    const slope = [...gradients].reduce(
      (sum, [name, gradient]) =>
        entries.get(name)!.reduce((part, entry, i) => part + chained(gradient[i]!, entry.slope(at)), sum),
      0,
    );
    return {
      value: values.reduce((sum, value) => sum + value, 0) / values.length,
      slope: slope / values.length,
    };
  });
  const texts = new Map([...entries].map(([name, all]) => [name, all.map(({ text }) => text)]));
  return {
    note,
    x,
    values: read.map(({ value }) => value),
    slopes: read.map(({ slope }) => slope),
    stated: statedOf(compiled, world, items, texts),
  };
}

/** What stands still adds nothing, whatever its gradient is. */
const chained = (gradient: number, slope: number): number => (slope === 0 ? 0 : gradient * slope);
