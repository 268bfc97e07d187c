/** `comparison.json`: the comparison on the held-out test split, which is made once, after the search, and lies beside the ledger. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { TASK_OPTIMIZER } from '../evolve/model/task.js';
import { readJsonFile, type Schema, storedNumber } from '../read-json.js';
import type { ComparisonReport, LossReport } from '../runtime/comparison-report.js';
import type { ComparisonRun } from '../runtime/comparison-run.js';
import type { Stop } from '../runtime/stop.js';
import type { Summary } from '../statistics.js';

const number = storedNumber;
const summary: Schema<Summary> = v.object({
  count: number,
  mean: number,
  standardDeviation: number,
  low: number,
  high: number,
});
const stoppedAt: Schema<Stop> = v.object({
  step: number,
  reason: v.picklist(['not a number', 'infinity', 'given up', 'aborted']),
});
const run: Schema<ComparisonRun> = v.object({
  seed: v.string(),
  validationValue: number,
  testValue: number,
  curve: v.array(v.object({ step: number, value: number, loss: number })),
  stepsPerSecond: number,
  stoppedAt: v.exactOptional(stoppedAt),
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
  runs: v.array(run),
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
