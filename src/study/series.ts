/** A study over numbers, such as sizes of training sets, as lines of a picture. */
import type { StudyReport, Way } from './report.js';

export interface StudyLine {
  readonly loss: string;
  /** What all its points have in common, such as a kind of wrong labels; empty where there is only one. */
  readonly line: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** The test metric of each loss over the numbers of the conditions; none where conditions are no numbers. */
export function linesOf({ conditions, losses }: StudyReport, way: Way): readonly StudyLine[] {
  const numbered = conditions.filter(({ condition }) => condition.at !== undefined);
  const kinds = new Set(numbered.flatMap(({ condition: { at } }) => at!.line ?? []));
  const lines: readonly string[] = kinds.size > 0 ? [...kinds] : numbered.length > 0 ? [''] : [];
  return lines.flatMap((line) =>
    losses.map((loss) => ({
      loss,
      line: kinds.size > 1 ? line : '',
      points: numbered.flatMap(({ condition: { at }, reports }) => {
        const found = reports[way]?.losses.find(({ name }) => name === loss);
        if (found === undefined || (at!.line ?? line) !== line) return [];
        return [{ x: at!.x, y: found.test.mean }];
      }),
    })),
  );
}
