import { type CompiledLoss, compileLowered } from '../../compile.js';
import type { LoweredInput, LoweredLoss } from '../../lower/lowered.js';
import { figure } from '../../words/sentence.js';
import { Probe } from '../probe/probe.js';
import { fillerOf, type World, worldOf } from '../probe/world.js';
import { held as heldEntry } from './entry.js';
import type { SampledLine, SampledLoss } from './line.js';
import { statedOf } from './stated.js';

const POINTS = 321;
/** Farthest value on either side, where the domain goes on. */
const WIDEST = 4;
/** Nearest to an end of the domain: logarithms and quotients have poles there. */
const EDGE = 1e-2;
/** What another prediction that is positive, a scale or a variance, is held at. */
const SCALES = [0.5, 1, 2];

/**
 * A loss of single numbers along its first prediction, its other inputs held: a likelihood with a scale, the side of a generator.
 * Undefined for a loss of axes or of the whole batch.
 */
export function sampleOneInput(loss: LoweredLoss): SampledLoss | undefined {
  const compiled = compileLowered(loss);
  const moved = compiled.inputs.find((input) => !input.data);
  const isItem = compiled.inputs.every(({ axes }) => axes.length === 0);
  if (moved === undefined || !isItem || compiled.scalar || compiled.coupled) return undefined;
  const others = compiled.inputs.filter((input) => input !== moved);
  const world = worldOf(compiled.lowered, undefined, 1);
  const linesWith = (choices: Choices): readonly SampledLine[] =>
    heldValues(others, choices).map((held) => lineOf(compiled, world, moved, held));
  const usual = linesWith(choicesOf);
  // A factor that is data, such as an advantage, makes all of it 0 where it is 0.
  const isFlat = usual.every(({ slopes }) => slopes.every((slope) => slope === 0));
  const lines = isFlat ? linesWith((input) => (input.data && input.domain === 'real' ? [1, -1] : [])) : usual;
  return { loss: loss.name, along: 'input', classes: undefined, axis: moved.name, lines };
}

type Held = ReadonlyMap<string, number>;

/** Telling values of an input. */
type Choices = (input: LoweredInput) => readonly number[];

/** What the other inputs are held at, once for each line: the first of them that has several telling values takes each. */
function heldValues(others: readonly LoweredInput[], choices: Choices): readonly Held[] {
  const plain = new Map(others.map((input) => [input.name, plainOf(input)]));
  const varied = others.find((input) => choices(input).length > 1);
  if (varied === undefined) return [plain];
  return choices(varied).map((value) => new Map(plain).set(varied.name, value));
}

function choicesOf({ data, domain, node: { range } }: LoweredInput): readonly number[] {
  if (domain === 'sign') return [1, -1];
  if (domain === 'binary') return [1, 0];
  if (data || range.lo < 0) return [];
  return SCALES.filter((value) => value >= range.lo && value <= range.hi);
}

// The middle of -1 and 1 is no sign.
const plainOf = (input: LoweredInput): number => (input.domain === 'sign' ? 1 : fillerOf(input, [], 1)[0]!);

function lineOf(compiled: CompiledLoss, world: World, moved: LoweredInput, held: Held): SampledLine {
  const { lo, hi } = moved.node.range;
  const from = lo <= -WIDEST ? -WIDEST : lo + EDGE;
  const to = hi >= WIDEST ? WIDEST : hi - EDGE;
  const x = Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const inputs = new Map([[moved.name, Float64Array.from(x)]]);
  for (const [name, value] of held) inputs.set(name, new Float64Array(POINTS).fill(value));
  const { values, gradients } = new Probe(compiled, world).batch(POINTS, inputs);
  const note = [...held].map(([name, value]) => `${name} ${figure(value)}`).join(', ');
  const texts = new Map([...held].map(([name, value]) => [name, [heldEntry(value).text]]));
  texts.set(moved.name, ['x']);
  const stated = statedOf(compiled, world, 1, texts);
  return { note, x, values: [...values], slopes: [...gradients.get(moved.name)!], stated };
}
