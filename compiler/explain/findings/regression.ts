import { pow } from '../../elementary/power.js';
import { exactly } from '../../interval/interval.js';
import { figure, figures } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import type { Forms } from '../facts/settled.js';
import { measured } from '../finding.js';
import { CANDIDATES, cannotTell, isBelow } from '../probe/certain.js';
import type { Regression } from '../probe/numbers.js';
import type { Pair } from '../signature.js';
import { explainErrorBounds } from './error-bounds.js';
import { explainErrorShape } from './error-shape.js';

/** Errors that are tried, both ways. */
const ERRORS = Array.from({ length: 61 }, (_, i) => 1e-4 * pow(10, i / 10));

/** All findings that only a loss of an error has. */
export function explainRegression(forms: Forms, pair: Pair, loss: Regression, exact: Regression): Finding[] {
  return [
    minimum(loss),
    scale(loss),
    ...explainErrorShape(forms, pair, loss),
    ...explainErrorBounds(forms, pair, exact),
  ];
}

/** Legal predictions around a target, with the target itself in the middle. */
function around(loss: Regression, target: number): number[] {
  return [...ERRORS.map((e) => target - e).reverse(), target, ...ERRORS.map((e) => target + e)].filter(
    (p) => loss.legal(p) || p === target,
  );
}

function minimum(loss: Regression): Finding {
  const base = { topic: 'minimum', property: 'minimum' } as const;
  let doubtful = false;
  for (const target of loss.targets) {
    const predictions = around(loss, target);
    const { values } = loss.read(new Float64Array(predictions.length).fill(target), predictions);
    const own = values[predictions.indexOf(target)]!;
    const lower = [...values.keys()]
      .filter((i) => values[i]! < own - 1e-9 * Math.max(1, Math.abs(own)))
      .sort((a, b) => values[a]! - values[b]!)
      .slice(0, CANDIDATES);
    if (lower.length === 0) continue;
    const isLower = certainlyLower(
      loss,
      target,
      lower.map((i) => predictions[i]!),
    );
    const best = lower.find((_, i) => isLower[i]);
    if (best === undefined) {
      doubtful = true;
      continue;
    }
    const near = refined(
      loss,
      target,
      predictions[Math.max(best - 1, 0)]!,
      predictions[Math.min(best + 1, predictions.length - 1)]!,
    );
    const atEnd = best === 0 || best === predictions.length - 1;
    const [refinedValue] = loss.read([target], [near]).values;
    const isBetter = refinedValue! <= values[best]! && certainlyLower(loss, target, [near])[0]!;
    const place = isBetter ? near : predictions[best]!;
    const value = isBetter && !atEnd ? refinedValue! : values[best]!;
    return {
      ...base,
      status: 'refuted',
      holds: false,
      statement: atEnd
        ? `The lowest point is not the target: for a target of ${figure(target)} the loss keeps falling as the prediction ${best === 0 ? 'falls' : 'grows'}.`
        : `The lowest point is not the target: for a target of ${figure(target)} it is a prediction of ${figure(place)}.`,
      reason: `The loss is ${figure(value)} there and ${figure(own)} at the target.`,
      ...(!atEnd && { value: place }),
      witness: {
        target,
        prediction: atEnd ? predictions[best]! : place,
        value,
        valueAtTarget: own,
      },
    };
  }
  if (doubtful)
    return cannotTell(base, 'the loss is lowest where the prediction is the target', 'at other predictions');
  return measured(
    base,
    'The loss is lowest where the prediction is the target.',
    `No error from 1e-4 to 100 in either direction gave a lower loss, for targets ${figures(loss.targets)}.`,
  );
}

/** Whether predictions certainly cost less than the target itself. */
function certainlyLower(loss: Regression, target: number, predictions: readonly number[]): boolean[] {
  const all = [target, ...predictions];
  const [own, ...others] = loss.certain(new Float64Array(all.length).fill(target), all.map(exactly)).values;
  return others.map((value) => isBelow(value, own!));
}

/** Where the slope changes its sign between two predictions. */
function refined(loss: Regression, target: number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let round = 0; round < 8; round++) {
    const grid = Array.from({ length: 21 }, (_, i) => low + ((high - low) * i) / 20);
    const { slopes } = loss.read(new Float64Array(grid.length).fill(target), grid);
    const at = slopes.findIndex((slope) => slope >= 0);
    if (at <= 0) break;
    [low, high] = [grid[at - 1]!, grid[at]!];
  }
  const place = (low + high) / 2;
  // The search ends at a distance of rounding errors from 0.
  return Math.abs(place) < 1e-9 ? 0 : place;
}

function scale(loss: Regression): Finding {
  const target = loss.targets[0]!;
  const { slopes } = loss.read([target], [target + 1]);
  const ratio = Math.abs(slopes[0]!) / 2;
  return {
    topic: 'learning',
    property: 'gradient scale',
    status: 'measured',
    statement: `At an error of 1, the gradient is ${figure(ratio)} times that of the squared error.`,
    reason: `The derivative with respect to the prediction is ${figure(slopes[0]!)} at a target of ${figure(target)} and a prediction of ${figure(target + 1)}; that of the squared error is 2.`,
    value: ratio,
  };
}
