import { hypot } from '../../elementary/hyperbolic.js';
import { absolute, add, exactly, type Interval, multiply } from '../../interval/interval.js';
import { power } from '../../interval/power.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { boundFinding, slopeFinding } from '../facts/fact-bounds.js';
import type { Forms } from '../facts/settled.js';
import { measured, refuted } from '../finding.js';
import { cannotTell, exactEnds } from '../probe/certain.js';
import { readCurve } from '../probe/curve.js';
import { certainlyGrows, DECADES, growsOn } from '../probe/growth.js';
import { type Labelled, stacked } from '../probe/labelled.js';
import { randomRows, toldLabels } from './minimum.js';

/** Gaps at which the largest size is looked for where there is a bound. */
const WIDE = [-1e3, -30, -10, -3, 0, 3, 10, 30, 1e3];

/**
 * `bounded` and `bounded gradient` for a loss of labels, from the formula as written and the one on logits. `exact` is the
 * loss without guards, which hide growth.
 */
export function explainBounds(
  plain: Forms,
  logits: Forms,
  prediction: string,
  loss: Labelled,
  exact: Labelled,
): Finding[] {
  return [
    boundFinding([plain, logits]) ?? boundSeen(loss, exact),
    slopeFinding(logits, prediction, loss.scores ? 'score' : 'logit') ?? slopeSeen(loss, exact),
  ];
}

function boundSeen(loss: Labelled, exact: Labelled): Finding {
  const base = { topic: 'range', property: 'bounded' } as const;
  const place = loss.scores ? 'margins' : 'logit gaps';
  let doubtful = false;
  for (const sign of [-1, 1]) {
    for (const label of toldLabels(loss)) {
      const gaps = DECADES.map((gap) => sign * gap);
      const { values } = readCurve(exact, label, gaps);
      if (!growsOn(values)) continue;
      if (!certainlyGrows(certainAt(exact, label, gaps).values)) {
        doubtful = true;
        continue;
      }
      const whose = loss.alike ? '' : ` (${loss.nameOf(label)})`;
      return refuted(
        base,
        sign < 0
          ? `Not bounded: one certainly wrong example can outweigh all others${whose}.`
          : `Not bounded: the loss keeps growing in size as the prediction becomes certain, even where it is right${whose}.`,
        `At ${place} of ${gaps.slice(0, 3).map(figure).join(', ')} it is ${told([...values])}, and so on.`,
        { witness: { target: loss.targetOf(label), gap: gaps[1]!, value: values[1]! } },
      );
    }
  }
  if (doubtful) return cannotTell(base, 'the loss is bounded', `at ${place} far out`);
  const { low, high, count } = extremes(loss);
  return measured(
    base,
    `Bounded at every prediction that was tried: between ${figure(low)} and ${figure(high)}.`,
    `Observed at ${count} predictions; at ${place} up to ${figure(DECADES.at(-1)!)} the loss levels off.`,
    { value: high },
  );
}

/** The first figures of a growing row; beside an infinity, a later one may not be a number. */
const told = (row: readonly number[]): string =>
  row
    .slice(0, 3)
    .filter((x) => !Number.isNaN(x))
    .map(figure)
    .join(', ');

function extremes(loss: Labelled): { low: number; high: number; count: number } {
  const labels = toldLabels(loss);
  const rows = [...randomRows(loss, loss.affordable(120)), ...WIDE.map((gap) => loss.row(labels[0]!, gap))];
  const read = labels.flatMap((label) => [
    ...loss.read(new Int32Array(rows.length).fill(label), stacked(rows)).values,
  ]);
  return { low: Math.min(...read), high: Math.max(...read), count: read.length };
}

function slopeSeen(loss: Labelled, exact: Labelled): Finding {
  const base = { topic: 'shape', property: 'bounded gradient' } as const;
  const by = loss.scores ? 'scores' : 'logits';
  let doubtful = false;
  for (const label of toldLabels(loss)) {
    const gaps = DECADES.map((gap) => -gap);
    const lengths = lengthsAt(
      exact,
      label,
      gaps.map((gap) => exact.row(label, gap)),
    );
    if (!growsOn(lengths)) continue;
    if (!certainlyGrows(certainAt(exact, label, gaps).lengths)) {
      doubtful = true;
      continue;
    }
    return refuted(
      base,
      'Not Lipschitz: the gradient grows without bound as an example becomes more wrong.',
      `At ${loss.scores ? 'margins' : 'logit gaps'} of ${gaps.slice(0, 3).map(figure).join(', ')} its norm is ${told(lengths)}, and so on.`,
      { witness: { target: loss.targetOf(label), gap: gaps[1]!, length: lengths[1]! } },
    );
  }
  if (doubtful) return cannotTell(base, 'the gradient is bounded', 'far out');
  const read = toldLabels(loss).flatMap((label) =>
    lengthsAt(loss, label, [
      ...WIDE.map((gap) => loss.row(label, gap)),
      ...randomRows(loss, loss.affordable(120)),
    ]),
  );
  const value = Math.max(...read);
  if (!Number.isFinite(value))
    return {
      ...base,
      status: 'unknown',
      statement: `It is not known whether the loss is Lipschitz: its gradient with respect to the ${by} is not defined somewhere.`,
      reason: 'Computed in float64 at random predictions.',
    };
  return measured(
    base,
    `Lipschitz at every prediction that was tried: the norm of the gradient with respect to the ${by} was at most ${figure(value)}.`,
    `Observed at ${read.length} predictions; further out it does not keep growing.`,
    { value },
  );
}

function lengthsAt(loss: Labelled, label: number, rows: readonly Float64Array[]): number[] {
  const { gradients } = loss.read(new Int32Array(rows.length).fill(label), stacked(rows));
  return rows.map((_, i) => hypot(...gradients.subarray(i * loss.width, (i + 1) * loss.width)));
}

/** Bounds of values, and of the lengths of gradients, along the row of a label. */
function certainAt(
  loss: Labelled,
  label: number,
  gaps: readonly number[],
): { readonly values: readonly Interval[]; readonly lengths: readonly Interval[] } {
  const rows = exactEnds(stacked(gaps.map((gap) => loss.row(label, gap))));
  const { values, gradients } = loss.certain(new Int32Array(gaps.length).fill(label), rows);
  const lengths = gaps.map((_, i) => {
    const entries = gradients.slice(i * loss.width, (i + 1) * loss.width).map(absolute);
    const squares = entries.map((entry) => multiply(entry, entry)).reduce(add);
    return power(squares, exactly(0.5));
  });
  return { values, lengths };
}
