import type { LossDecl } from '../../../grammar/tree/ast.js';
import { type CompiledLoss, compileLowered } from '../../compile.js';
import { log } from '../../elementary/logarithm.js';
import type { LoweredLoss } from '../../lower/lowered.js';
import type { Program } from '../../resolve/program.js';
import { figure } from '../../words/sentence.js';
import { checked } from '../checked.js';
import { toldLabels } from '../findings/minimum.js';
import { readCurve } from '../probe/curve.js';
import { isMargin, type Labelled, labelled } from '../probe/labelled.js';
import { regression } from '../probe/numbers.js';
import { Probe } from '../probe/probe.js';
import { CLASSES, type World, worldOf } from '../probe/world.js';
import { labelPairOf, type Pair, pairOf } from '../signature.js';
import { held, moved } from './entry.js';
import { labelTexts } from './label-texts.js';
import type { SampledLine, SampledLoss, Stated } from './line.js';
import { sampleOneInput } from './one-input.js';
import { sampleSignedSum } from './signed-sum.js';
import { statedOf } from './stated.js';
import { sampleView } from './views/index.js';

const POINTS = 321;
/** Farthest lead and error on either side. */
const WIDEST = 4;
/** Nearest that a probability comes to 0 and 1. */
const EDGE = 1e-4;

/**
 * A loss along the line of predictions that shows its shape, other classes equal; a loss of other inputs along the view for them, a loss of
 * several single numbers along each. Empty for a loss that has a gradient along no such line. Throws `LossError` when the loss has errors.
 */
export function sampleLoss(
  program: Program,
  decl: LossDecl,
  options: { readonly classes?: number } = {},
): readonly SampledLoss[] {
  return checked(program, decl, (loss) => sampled(loss, options.classes ?? CLASSES));
}

function sampled(loss: LoweredLoss, classes: number): readonly SampledLoss[] {
  const plain = compileLowered(loss);
  const numbered = labelPairOf(plain);
  const pair = pairOf(plain) ?? numbered;
  if (pair === undefined) return otherwise(loss);
  const world = worldOf(loss, pair.axis, pair.family === 'binary' ? 1 : classes);
  if (pair.family === 'regression') {
    const lines = errorLines(plain, world, pair);
    return [{ loss: loss.name, along: 'error', classes: undefined, lines }];
  }
  const onLogits = compileLowered(loss, { fromLogits: true });
  const subject = labelled(new Probe(onLogits, world), pair, pair.prediction.domain === 'real');
  // A distance under a label of either sign, say, is no margin, and still a curve for each label.
  if (!isMargin(pair, subject)) return otherwise(loss);
  const along = alongOf(pair, subject);
  const lines = labelLines(subject, along, (label) =>
    statedOf(
      plain,
      world,
      1,
      labelTexts(pair, plain.lowered.inputs[pair.prediction.position]!.domain, subject, label),
    ),
  );
  // A loss of embeddings takes numbers of classes too, and nothing of an example alone.
  if (pair === numbered && lines.every(({ slopes }) => slopes.every((slope) => slope === 0)))
    return otherwise(loss);
  return [{ loss: loss.name, along, classes: along === 'probability' ? subject.labels : undefined, lines }];
}

/** A loss of no single target and prediction. */
function otherwise(loss: LoweredLoss): readonly SampledLoss[] {
  const sum = sampleSignedSum(loss);
  if (sum !== undefined) return [sum];
  const numbers = sampleOneInput(loss);
  return numbers.length > 0 ? numbers : sampleView(loss);
}

const alongOf = ({ family }: Pair, { scores }: Labelled): 'probability' | 'margin' =>
  family === 'classes' && !scores ? 'probability' : 'margin';

const spaced = (from: number, to: number): number[] =>
  Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));

function labelLines(
  loss: Labelled,
  along: 'probability' | 'margin',
  statedAt: (label: number) => readonly Stated[],
): SampledLine[] {
  return toldLabels(loss).map((label) => {
    const x = along === 'probability' ? spaced(EDGE, 1 - EDGE) : spaced(-WIDEST, WIDEST);
    const gaps = along === 'probability' ? x.map((p) => log((p * (loss.labels - 1)) / (1 - p))) : x;
    const { values, slopes } = readCurve(loss, label, gaps);
    const note = loss.alike ? '' : loss.nameOf(label);
    return { note, x, values: [...values], slopes: [...slopes], stated: statedAt(label) };
  });
}

function errorLines(compiled: CompiledLoss, world: World, pair: Pair): SampledLine[] {
  const loss = regression(new Probe(compiled, world), pair);
  const [target, other] = loss.targets;
  const x = spaced(-WIDEST, WIDEST).filter((error) => loss.legal(target! + error));
  const { values, slopes } = loss.read(
    new Float64Array(x.length).fill(target!),
    x.map((error) => target! + error),
  );
  const [here, there] = loss.read([target!, other!], [target! + 0.5, other! + 0.5]).values;
  const depends = Math.abs(here! - there!) > 1e-9 * Math.max(1, Math.abs(here!));
  const texts = new Map([
    [pair.target.name, [held(target!).text]],
    [pair.prediction.name, [moved(target!).text]],
  ]);
  const note = depends ? `target ${figure(target!)}` : '';
  return [{ note, x, values: [...values], slopes: [...slopes], stated: statedOf(compiled, world, 1, texts) }];
}
