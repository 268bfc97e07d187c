/** `comparison.json`: the comparison on the held-out test split, which is made once, after the search, and lies beside the ledger. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { TASK_OPTIMIZER } from '../evolve/model/task.js';
import { readJsonFile, type Schema, storedNumber } from '../read-json.js';
import type { ComparisonReport, LossReport } from '../runtime/comparison-report.js';
import { NOISE_KINDS } from '../runtime/data/label-noise.js';
import { COMPARISON_RUN } from '../runtime/stored-run.js';
import type { Summary } from '../statistics.js';

const number = storedNumber;
const summary: Schema<Summary> = v.object({
  count: number,
  mean: number,
  standardDeviation: number,
  low: number,
  high: number,
});
const loss: Schema<LossReport> = v.object({
  name: v.string(),
  learningRate: number,
  scale: number,
  tuning: v.exactOptional(
    v.object({
      rates: v.array(v.object({ learningRate: number, validationValue: number })),
      atEdge: v.boolean(),
    }),
  ),
  runs: v.array(COMPARISON_RUN),
  test: summary,
  validation: summary,
  versusFirst: v.exactOptional(
    v.object({ difference: number, t: number, degreesOfFreedom: number, p: number, holm: number }),
  ),
  failures: v.exactOptional(v.array(v.string())),
  stepsTo: v.array(v.object({ value: number, reached: number, steps: number })),
  curve: v.array(v.object({ step: number, value: summary })),
});

const optimizer = v.object({ ...TASK_OPTIMIZER.entries, learningRate: number });

const COMPARISON: Schema<ComparisonReport> = v.object({
  evaluator: v.exactOptional(v.object({ command: v.string() })),
  metric: v.object({ label: v.string(), goal: v.picklist(['higher', 'lower']), isShare: v.boolean() }),
  dataset: v.string(),
  model: v.string(),
  split: v.object({
    seed: v.string(),
    validationExamples: v.exactOptional(number),
    trainExamples: v.exactOptional(number),
    labelNoise: v.exactOptional(number),
    noiseKind: v.exactOptional(v.picklist(NOISE_KINDS)),
  }),
  trainExamples: number,
  testExamples: number,
  steps: number,
  batchSize: number,
  optimizer,
  scale: v.picklist(['raw', 'matched']),
  losses: v.array(loss),
  interrupted: v.boolean(),
});

/** Undefined where the comparison has not been made. Throws a RunError that names what is damaged. */
export function readComparison(directory: string): ComparisonReport | undefined {
  const file = join(directory, 'comparison.json');
  if (!existsSync(file)) return undefined;
  return readJsonFile(file, COMPARISON, 'delete it to get the report without it; --resume creates it again');
}
