export interface LossRecord {
  readonly curve: readonly { readonly step: number; readonly value: number }[];
  add(step: number, value: number): void;
  /** Mean since the last point of the curve, or that point; NaN before the first loss. */
  latest(): number;
  /** Mean since this was asked last. */
  meanSinceLook(): number;
  /** Makes a last point of what has been added since the point before. */
  finish(): void;
}

/** Averages the loss of every `every` steps into one point of the curve. */
export function createLossRecord(every: number): LossRecord {
  const curve: { step: number; value: number }[] = [];
  let [sum, count, last] = [0, 0, 0];
  const addPoint = (): void => {
    if (count > 0) curve.push({ step: last, value: sum / count });
    [sum, count] = [0, 0];
  };
  let [sumSinceLook, countSinceLook] = [0, 0];
  return {
    curve,
    add: (step: number, value: number): void => {
      sum += value;
      count++;
      sumSinceLook += value;
      countSinceLook++;
      last = step;
      if (step % every === 0) addPoint();
    },
    finish: addPoint,
    latest: (): number => (count > 0 ? sum / count : (curve.at(-1)?.value ?? Number.NaN)),
    meanSinceLook: (): number => {
      const mean = countSinceLook > 0 ? sumSinceLook / countSinceLook : Number.NaN;
      [sumSinceLook, countSinceLook] = [0, 0];
      return mean;
    },
  };
}
