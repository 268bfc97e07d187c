import { add, exactly, type Interval, multiply } from '../../interval/interval.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { sumIsConstant } from '../facts/proofs.js';
import { type Forms, provedFor } from '../facts/settled.js';
import { measured, proved } from '../finding.js';
import { cannotTell, exactEnds, isBelow } from '../probe/certain.js';
import { certainlyGrows, DECADES, growsOn } from '../probe/growth.js';
import { type Labelled, stacked } from '../probe/labelled.js';
import type { Pair } from '../signature.js';
import { randomRows, softmaxOf } from './minimum.js';

/** Labels read in rows whose further entries are equal; the last one stands for all further ones. */
const DIFFERENT = 8;
/** Relative spread of a sum that counts as constant in float64. */
const CONSTANT = 1e-9;

/**
 * `symmetric`: the sum of the loss over all labels is the same for every prediction, which makes a loss robust against labels
 * that are wrong uniformly at random (Ghosh, Kumar and Sastry 2017). Otherwise by how much it varies.
 */
export function explainNoise(forms: Forms, pair: Pair, loss: Labelled, exact: Labelled): Finding[] {
  if (loss.family === 'classes' && loss.labels > 64 && !loss.alike) return [];
  const sums = sumsOverLabels(loss);
  const base = { topic: 'noise', property: 'symmetric' } as const;
  const claim =
    'The sum over all labels is the same for every prediction: robust against uniform label noise';
  const source = 'symmetric in the sense of Ghosh et al. 2017';
  const extent = provedFor(forms, (compiled) => sumIsConstant(compiled, pair));
  if (extent !== undefined) {
    return [
      proved(
        base,
        `${claim} (${source}).`,
        `Summed over all labels, the formula does not contain the prediction, ${extent}. The sum is ${figure(sums[0]!.sum)}.`,
        { value: sums[0]!.sum },
      ),
    ];
  }
  const finite = sums.filter(({ sum }) => Number.isFinite(sum));
  const low = finite.reduce((a, b) => (b.sum < a.sum ? b : a));
  const high = finite.reduce((a, b) => (b.sum > a.sum ? b : a));
  const uniform = sums[0]!.sum;
  const size = Math.max(1e-12, Math.abs(low.sum), Math.abs(high.sum));
  if (high.sum - low.sum <= CONSTANT * size) {
    return [
      measured(
        base,
        `${claim} (${source}), in every case that was tried.`,
        `The sum is ${figure(uniform)} at ${sums.length} predictions.`,
        { value: uniform },
      ),
    ];
  }
  const [lowest, highest] = certainSums(loss, [low.row, high.row]);
  if (!isBelow(lowest!, highest!))
    return [cannotTell(base, 'the sum over all labels is the same for every prediction', 'at some')];
  const decades = DECADES.map((gap) => cornerRow(exact, gap));
  const far = sumsAt(exact, decades).map(({ sum }) => sum);
  const endless = growsOn(far) && certainlyGrows(certainSums(exact, decades));
  const [from, to] = endless && far[0]! < uniform ? [high, low] : [low, high];
  return [
    {
      ...base,
      status: 'refuted',
      holds: false,
      statement: `Not ${source}: the sum over all labels ranges from ${figure(from.sum)} ${endless ? 'without bound' : `to ${figure(to.sum)}`}, and is ${figure(uniform)} at ${loss.scores ? 'equal scores' : 'the uniform prediction'}.`,
      reason: `Observed at ${sums.length} predictions, up to a ${loss.scores ? 'margin of 20' : 'certainty of 1 - 1e-8'}; a narrower range means less harm from wrong labels.`,
      ...(!endless && { value: (high.sum - low.sum) / size }),
      witness: {
        lowest: shown(loss, low.row),
        sumThere: low.sum,
        highest: shown(loss, high.row),
        sumHere: high.sum,
      },
    },
  ];
}

const shown = (loss: Labelled, row: Float64Array): number[] =>
  loss.family === 'classes' && !loss.scores ? softmaxOf(row) : [...row];

interface Sum {
  readonly row: Float64Array;
  readonly sum: number;
}

/** Sums over all labels: first at the uniform prediction, then near a corner, then at predictions spread over the simplex. */
function sumsOverLabels(loss: Labelled): Sum[] {
  const some = labelsRead(loss);
  const count = Math.max(4, Math.floor(loss.affordable(480) / some));
  const corners = CORNERS.map((gap) => cornerRow(loss, gap));
  // Beyond the first few entries all are equal, so the last label read stands for the rest.
  const spread = randomRows(loss, Math.max(0, count - corners.length)).map((row) =>
    row.map((z, k) => (k < some ? z : row[some - 1]!)),
  );
  return sumsAt(loss, [...corners, ...spread]);
}

/** Gaps of the leading label; the last is a certainty of 1 - 1e-8. */
const CORNERS = [0, 1, 2, 4, 8, 20];

const cornerRow = (loss: Labelled, gap: number): Float64Array => loss.row(loss.labels === 2 ? 1 : 0, gap);

const labelsRead = (loss: Labelled): number => (loss.alike ? Math.min(loss.labels, DIFFERENT) : loss.labels);

function sumsAt(loss: Labelled, rows: readonly Float64Array[]): Sum[] {
  const some = labelsRead(loss);
  const labels = Array.from({ length: some }, (_, label) => label);
  const { values } = loss.read(
    rows.flatMap(() => labels),
    stacked(rows.flatMap((row) => labels.map(() => row))),
  );
  return rows.map((row, i) => {
    const sum = labels.reduce((total, label) => total + timesOf(loss, label) * values[i * some + label]!, 0);
    return { row, sum };
  });
}

/** Bounds of the sums over all labels. */
function certainSums(loss: Labelled, rows: readonly Float64Array[]): Interval[] {
  const some = labelsRead(loss);
  const labels = Array.from({ length: some }, (_, label) => label);
  const { values } = loss.certain(
    rows.flatMap(() => labels),
    exactEnds(stacked(rows.flatMap((row) => labels.map(() => row)))),
  );
  return rows.map((_, i) =>
    labels.map((label) => multiply(values[i * some + label]!, exactly(timesOf(loss, label)))).reduce(add),
  );
}

/** The last label that is read stands for all further ones. */
const timesOf = (loss: Labelled, label: number): number => {
  const some = labelsRead(loss);
  return label === some - 1 ? loss.labels - some + 1 : 1;
};
