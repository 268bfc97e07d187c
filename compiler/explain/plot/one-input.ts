import { type CompiledLoss, compileLowered } from '../../compile.js';
import type { LoweredInput, LoweredLoss } from '../../lower/lowered.js';
import { figure } from '../../words/sentence.js';
import { Probe } from '../probe/probe.js';
import { fillerOf, type World, worldOf } from '../probe/world.js';
import { held as heldEntry } from './entry.js';
import type { SampledLine, SampledLoss } from './line.js';
import { isAlive, unlike } from './same-line.js';
import { statedOf } from './stated.js';

const POINTS = 321;
/** Farthest value on either side, where the domain goes on. */
const WIDEST = 4;
/** Nearest to an end of the domain: logarithms and quotients have poles there. */
const EDGE = 1e-2;
/** What another prediction that is positive, a scale or a variance, is held at. */
const SCALES = [0.5, 1, 2];
/** What a center is held at where a scale is moved. Targets are 0. */
const ERRORS = [0, 1, 2];

/**
 * A loss of single numbers along each of its predictions, its other inputs held: a likelihood along its center and along its scale, the
 * side of a generator. Empty for a loss of axes or of the whole batch.
 */
export function sampleOneInput(loss: LoweredLoss): readonly SampledLoss[] {
  const compiled = compileLowered(loss);
  const isItem = compiled.inputs.every(({ axes }) => axes.length === 0);
  if (!isItem || compiled.scalar || compiled.coupled) return [];
  const predictions = compiled.inputs.filter((input) => !input.data);
  const world = worldOf(compiled.lowered, undefined, 1);
  return predictions.flatMap((moved) => {
    const others = compiled.inputs.filter((input) => input !== moved);
    const choices: Choices = (input) => choicesOf(input, moved, predictions[0]!);
    const linesAt = (middle: number): readonly SampledLine[] =>
      unlike(
        heldValues(others, choices, middle)
          .map((held) => lineOf(compiled, world, moved, held))
          .filter(isAlive),
      );
    const usual = linesAt(0);
    // A factor makes all of it 0 where it is 0.
    const lines = usual.length > 0 ? usual : linesAt(1);
    if (lines.length === 0) return [];
    return [{ loss: loss.name, along: 'input', classes: undefined, axis: moved.name, lines }];
  });
}

type Held = ReadonlyMap<string, number>;

/** Telling values of an input. */
type Choices = (input: LoweredInput) => readonly number[];

/**
 * What the other inputs are held at, once for each line: the first of them that has several telling values takes each. Numbers that may
 * be negative are held at `middle`.
 */
function heldValues(others: readonly LoweredInput[], choices: Choices, middle: number): readonly Held[] {
  const plain = new Map(others.map((input) => [input.name, plainOf(input, middle)]));
  const varied = others.find((input) => choices(input).length > 1);
  if (varied === undefined) return [plain];
  return choices(varied).map((value) => new Map(plain).set(varied.name, value));
}

function choicesOf(input: LoweredInput, moved: LoweredInput, first: LoweredInput): readonly number[] {
  const { domain, role, data, node } = input;
  if (domain === 'sign') return [1, -1];
  if (domain === 'binary') return [1, 0];
  // An advantage, say: good or bad.
  if (role === 'data' && domain === 'real') return [1, -1];
  if (data) return [];
  if (node.range.lo >= 0) return SCALES.filter((value) => value >= node.range.lo && value <= node.range.hi);
  // What a scale should be follows from how far the center is off.
  return input === first && moved.node.range.lo >= 0 ? ERRORS : [];
}

function plainOf(input: LoweredInput, middle: number): number {
  // The middle of -1 and 1 is no sign.
  if (input.domain === 'sign') return 1;
  return input.domain === 'real' || input.domain === 'logits' ? middle : fillerOf(input, [], 1)[0]!;
}

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
