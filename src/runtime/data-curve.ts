import { compareLosses } from './compare.js';
import { type ComparisonOptions, type ComparisonReport, hasRuns } from './comparison-report.js';

/** A comparison at several numbers of training examples. */
export interface DataCurve {
  /** One comparison for each number of training examples, in the order asked for; those of which no training ended are left out. */
  readonly sizes: readonly { readonly trainExamples: number; readonly report: ComparisonReport }[];
  readonly interrupted: boolean;
}

/**
 * The same comparison at several training-set sizes. Smaller sets are parts of larger ones, and validation and test
 * examples are the same throughout.
 */
export async function dataCurve(
  options: ComparisonOptions,
  trainExamples: readonly number[],
): Promise<DataCurve> {
  const sizes: DataCurve['sizes'][number][] = [];
  for (const [index, size] of trainExamples.entries()) {
    if (options.signal?.aborted) break;
    const report = await compareLosses({
      ...options,
      split: { ...options.split, trainExamples: size },
      onProgress: (progress) =>
        options.onProgress?.({
          ...progress,
          step: index * progress.steps + progress.step,
          steps: trainExamples.length * progress.steps,
        }),
    });
    if (hasRuns(report)) sizes.push({ trainExamples: size, report });
  }
  return {
    sizes,
    interrupted: sizes.length < trainExamples.length || sizes.some(({ report }) => report.interrupted),
  };
}
