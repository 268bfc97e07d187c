import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { type CompiledLoss, compileLowered } from '../compile.js';
import { signatureOf } from '../evaluate/bind.js';
import { Binding, type NumberArray } from '../evaluate/binding.js';
import { evaluate, type Values } from '../evaluate/evaluate.js';
import { inSingle } from '../evaluate/single.js';
import type { Node } from '../graph/graph.js';
import type { Guard } from '../guard/bounds.js';
import { guardsAtWork, unguarded } from '../guard/unguarded.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
import type { GuardedValue } from '../messages/effects.js';
import * as effectMessages from '../messages/effects.js';
import { placeIn } from '../messages/message.js';
import type { Program } from '../resolve/program.js';

/** Entries along an axis that nothing fixes. */
const ENTRIES = 3;
/** How far the value with guards is off that of the formula, in relation to it, before it is worth a word. */
const WORTH_A_WORD = 1e-3;
/** Larger numbers stand for infinity. */
const LARGE = 1e36;

/** A warning where a guard decides the value at everyday inputs, or gives one where the formula has none. */
export function checkGuards(program: Program, decl: LossDecl, loss: LoweredLoss): Diagnostic[] {
  const found = guardedValue(loss);
  if (found === undefined) return [];
  return [effectMessages.guardDecides(placeIn(program.module.source, decl.body.result), found)];
}

/**
 * Everyday inputs at which a guard decides the value, in either form of a loss: logits within 60, probabilities down to 1e-20. The formula
 * is finite there, and float32 gives another number. It looks at few inputs, those at which guards are usually reached, in float32 with
 * guards and in float64 without; undefined if none shows it.
 */
export function guardedValue(loss: LoweredLoss): GuardedValue | undefined {
  const forms = loss.inputs.some(({ activation }) => activation !== undefined) ? [false, true] : [false];
  for (const fromLogits of forms) {
    const compiled = compileLowered(loss, { fromLogits, valueOnly: true });
    // Logits give no more than the whole domain: what needs no guard there needs none from them.
    if (compiled.guards.length === 0) return undefined;
    const found = decided(compiled);
    if (found !== undefined) return { ...found, fromLogits };
  }
  return undefined;
}

function decided(compiled: CompiledLoss): Omit<GuardedValue, 'fromLogits'> | undefined {
  const { graph, parameters } = compiled.lowered;
  // What has no default is anything that is legal, and nothing is known of it.
  if (parameters.some((parameter) => parameter.default === undefined)) return undefined;
  const free = unguarded(graph, compiled.guards)(compiled.value);
  if (free === compiled.value) return undefined;
  const count = compiled.coupled || compiled.scalar ? 2 : POINTS;
  const starts = count === POINTS ? [0] : Array.from({ length: POINTS }, (_, i) => i);
  const seen = starts.map((start) => ({ start, ...valuesAt(compiled, free, start, count) }));
  const say = ({ inputs, kept }: Seen, at: number, right: number | undefined) => {
    const said = compiled.inputs.map(({ name }) => `${name} = ${text(inputs.get(name)!, count, at)}`);
    return { inputs: said.join(', '), found: kept[at]!, right };
  };
  for (const one of seen) {
    const { right, kept, open, numbers } = one;
    const at = right.findIndex(
      (x, i) => Math.abs(x) < LARGE && isOff(kept[i]!, x) && isOff(kept[i]!, open[i]!),
    );
    if (at >= 0 && guardsAtWork(compiled.guards, numbers).length > 0) return say(one, at, right[at]);
  }
  for (const one of seen)
    for (const [at, x] of one.right.entries()) {
      if (!Number.isNaN(x) || !Number.isFinite(one.kept[at]!)) continue;
      // Of several items one may leave a domain, and another be 0 times infinity.
      const alone = count === POINTS ? valuesAt(compiled, free, one.start + at, 1) : one;
      if (guardsAtWork(compiled.guards, alone.numbers).some((guard) => isFarOutside(guard, alone.numbers)))
        return say(one, at, undefined);
    }
  return undefined;
}

/** Values of a few items: in float64 by the formula, and in float32 with guards and without. */
interface Seen {
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly right: Float64Array;
  readonly kept: Float64Array;
  readonly open: Float64Array;
  /** Every node in float32. */
  readonly numbers: ReadonlyMap<Node, Values>;
}

function valuesAt(compiled: CompiledLoss, free: Node, start: number, count: number): Seen {
  const { graph } = compiled.lowered;
  const inputs = new Map(compiled.inputs.map((input) => [input.name, drawn(compiled, input, start, count)]));
  const bound = new Binding(signatureOf(compiled), inputs, new Map());
  const roots = [compiled.value, free];
  const bindings = { sizes: bound.sizes, leaf: (node: Node) => bound.leaf(node, bound.counts) };
  const right = evaluate(graph, [free], bindings).get(free)!.data;
  const numbers = evaluate(graph, roots, inSingle(roots, bindings));
  const [kept, open] = roots.map((root) => numbers.get(root)!.data);
  return { inputs, right, kept: kept!, open: open!, numbers };
}

/** Whether a logarithm, a root or another function is asked for what it has no value for, such as that of -3, and not for an edge. */
function isFarOutside({ op, of, argument, guarded }: Guard, numbers: ReadonlyMap<Node, Values>): boolean {
  const overflows = of?.domain.overflow !== undefined || of?.domain.overflowBelow !== undefined;
  if (op === 'divide' || op === 'quotient' || overflows) return false;
  const [before, after] = [numbers.get(argument)!.data, numbers.get(guarded)!.data];
  return Array.from(after).some((x, i) => Math.abs(x - before[i % before.length]!) > WORTH_A_WORD);
}

const isOff = (x: number, right: number): boolean =>
  !(Math.abs(x - right) <= WORTH_A_WORD * Math.max(Math.abs(right), WORTH_A_WORD));

/** Points that are looked at. */
const POINTS = 24;
/** Numbers of a prediction as an everyday score has them, and of other inputs. */
const SCORES = [0, 20, -20, 3, -1, 30, -30, 0.5];
const SIZES = [1, 0.5, 2, 10, 0.01];
/** Probabilities of one class or of yes. */
const CHANCES = [0.5, 1e-20, 0.9, 1e-8, 1 - 2 ** -20, 0.1];

/** Values for items of an input; each item and each entry takes another of the numbers above. */
function drawn(compiled: CompiledLoss, input: LoweredInput, start: number, count: number): NumberArray {
  const { axes } = compiled.lowered.graph;
  const own = input.axes.map(
    (axis) => axes.get(axes.get(axis).root).size ?? listed(compiled, axis) ?? ENTRIES,
  );
  const width = own.reduce((a, b) => a * b, 1);
  const at = input.simplexAxis === undefined ? -1 : input.axes.indexOf(input.simplexAxis);
  const inner = own.slice(at + 1).reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: count * width }, (_, k) => {
    const item = start + Math.floor(k / width);
    const entry = k % width;
    const { domain } = input;
    return domain !== 'onehot' && domain !== 'probability'
      ? NUMBER[domain](item, entry, input)
      : share(input, item, Math.floor(entry / inner) % own[at]!, own[at]!);
  });
  return { shape: [count, ...own], data: data.map(Math.fround) };
}

/** How long an axis is that the default of a parameter is a list along. */
function listed({ lowered }: CompiledLoss, axis: number): number | undefined {
  for (const { axes, default: value } of lowered.parameters)
    if (axes[0] === axis && typeof value === 'object') return value.length;
  return undefined;
}

/** One entry of a row that adds up to 1: the label goes round, and so does how sure a prediction is. */
function share({ domain, data }: LoweredInput, item: number, entry: number, length: number): number {
  const label = item % length;
  if (domain === 'onehot' || data) return entry === label ? 1 : 0;
  const chance = pick(CHANCES, item);
  const first = (label + Math.floor(item / CHANCES.length)) % length;
  return entry === first ? chance : (1 - chance) / Math.max(length - 1, 1);
}

const pick = (list: readonly number[], at: number): number => list[at % list.length]!;

type Numbered = Exclude<LoweredInput['domain'], 'onehot' | 'probability'>;
const score = (item: number, entry: number): number => pick(SCORES, item + 3 * entry);
const size = (item: number, entry: number): number => pick(SIZES, item + 2 * entry);

const NUMBER: Readonly<Record<Numbered, (item: number, entry: number, input: LoweredInput) => number>> = {
  real: (item, entry, { data }) => (data ? pick([0, 1, -1, 0.5, 2], item + entry) : score(item, entry)),
  logits: score,
  positive: size,
  nonnegative: size,
  unit: (item, entry, { data }) => (data ? pick([0, 1, 0.5], item + entry) : pick(CHANCES, item + entry)),
  between: (item, entry, { node }) => {
    const { lo, hi } = node.range;
    return lo + (hi - lo) * pick([0.5, 0.25, 0.9], item + entry);
  },
  binary: (item, entry) => (item + entry) % 2,
  sign: (item, entry) => 1 - 2 * ((item + entry) % 2),
  integer: (item, entry) => (item + entry) % 2,
};

function text({ shape, data }: NumberArray, count: number, at: number): string {
  const width = data.length / count;
  // Of items that depend on each other all count.
  const part =
    shape[0] === count && width > 0 && count === POINTS ? data.subarray(at * width, (at + 1) * width) : data;
  const numbers = Array.from(part, (x) => Number(x.toPrecision(4)));
  return numbers.length === 1 ? `${numbers[0]}` : `[${numbers.join(', ')}]`;
}
