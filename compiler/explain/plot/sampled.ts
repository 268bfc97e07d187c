import type { LossDecl } from '../../../grammar/tree/ast.js';
import { compileLowered } from '../../compile.js';
import { log } from '../../elementary/logarithm.js';
import type { LoweredLoss } from '../../lower/lowered.js';
import type { Program } from '../../resolve/program.js';
import { figure } from '../../words/sentence.js';
import { checked } from '../checked.js';
import { toldLabels } from '../findings/minimum.js';
import { readCurve } from '../probe/curve.js';
import { isMargin, type Labelled, labelled } from '../probe/labelled.js';
import { type Regression, regression } from '../probe/numbers.js';
import { Probe } from '../probe/probe.js';
import { CLASSES, worldOf } from '../probe/world.js';
import { labelPairOf, type Pair, pairOf } from '../signature.js';
import type { SampledLine, SampledLoss } from './line.js';
import { sampleOneInput } from './one-input.js';
import { sampleSignedSum } from './signed-sum.js';

const POINTS = 321;
/** Farthest lead and error on either side. */
const WIDEST = 4;
/** Nearest that a probability comes to 0 and 1. */
const EDGE = 1e-4;

/**
 * A loss along the line of predictions that shows its shape, other classes equal. Undefined for losses that have no such
 * line: of pairs of rows, of boxes, of the whole batch. Throws `LossError` when the loss has errors.
 */
export function sampleLoss(
  program: Program,
  decl: LossDecl,
  options: { readonly classes?: number } = {},
): SampledLoss | undefined {
  return checked(program, decl, (loss) => sampled(loss, options.classes ?? CLASSES));
}

function sampled(loss: LoweredLoss, classes: number): SampledLoss | undefined {
  const plain = compileLowered(loss);
  const numbered = labelPairOf(plain);
  const pair = pairOf(plain) ?? numbered;
  if (pair === undefined) return sampleSignedSum(loss) ?? sampleOneInput(loss);
  const world = worldOf(loss, pair.axis, pair.family === 'binary' ? 1 : classes);
  if (pair.family === 'regression') {
    const lines = errorLines(regression(new Probe(plain, world), pair));
    return { loss: loss.name, along: 'error', classes: undefined, lines };
  }
  const onLogits = compileLowered(loss, { fromLogits: true });
  const subject = labelled(new Probe(onLogits, world), pair, pair.prediction.domain === 'real');
  // A distance under a label of either sign, say, is no margin, and still a curve for each label.
  if (!isMargin(pair, subject)) return sampleOneInput(loss);
  const along = alongOf(pair, subject);
  const lines = labelLines(subject, along);
  // A loss of embeddings takes numbers of classes too, and nothing of an example alone.
  if (pair === numbered && lines.every(({ slopes }) => slopes.every((slope) => slope === 0)))
    return undefined;
  return { loss: loss.name, along, classes: along === 'probability' ? subject.labels : undefined, lines };
}

const alongOf = ({ family }: Pair, { scores }: Labelled): 'probability' | 'margin' =>
  family === 'classes' && !scores ? 'probability' : 'margin';

const spaced = (from: number, to: number): number[] =>
  Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));

function labelLines(loss: Labelled, along: 'probability' | 'margin'): SampledLine[] {
  return toldLabels(loss).map((label) => {
    const x = along === 'probability' ? spaced(EDGE, 1 - EDGE) : spaced(-WIDEST, WIDEST);
    const gaps = along === 'probability' ? x.map((p) => log((p * (loss.labels - 1)) / (1 - p))) : x;
    const { values, slopes } = readCurve(loss, label, gaps);
    return { note: loss.alike ? '' : loss.nameOf(label), x, values: [...values], slopes: [...slopes] };
  });
}

function errorLines(loss: Regression): SampledLine[] {
  const [target, other] = loss.targets;
  const x = spaced(-WIDEST, WIDEST).filter((error) => loss.legal(target! + error));
  const { values, slopes } = loss.read(
    new Float64Array(x.length).fill(target!),
    x.map((error) => target! + error),
  );
  const [here, there] = loss.read([target!, other!], [target! + 0.5, other! + 0.5]).values;
  const depends = Math.abs(here! - there!) > 1e-9 * Math.max(1, Math.abs(here!));
  return [{ note: depends ? `target ${figure(target!)}` : '', x, values: [...values], slopes: [...slopes] }];
}
