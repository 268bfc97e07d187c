/** One training of a comparison as files hold it. */
import * as v from 'valibot';
import { type Schema, storedNumber } from '../read-json.js';
import type { ComparisonRun } from './comparison-run.js';
import type { Stop } from './stop.js';

const stoppedAt: Schema<Stop> = v.object({
  step: storedNumber,
  reason: v.picklist(['not a number', 'infinity', 'given up', 'aborted']),
});

export const COMPARISON_RUN: Schema<ComparisonRun> = v.object({
  seed: v.string(),
  validationValue: storedNumber,
  testValue: storedNumber,
  curve: v.array(v.object({ step: storedNumber, value: storedNumber, loss: storedNumber })),
  stepsPerSecond: storedNumber,
  stoppedAt: v.exactOptional(stoppedAt),
});
