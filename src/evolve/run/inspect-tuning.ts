/** Questions about a finished or running tuning, for the terminal and the report. Nothing here changes it. */
import { join } from 'node:path';
import { readLoss } from '../losses/subject.js';
import type { ParameterValues } from '../model/candidate.js';
import type { TuningSettings } from '../model/run-settings.js';
import { readLedger } from '../store/ledger.js';
import { readTuningSettings } from '../store/read-settings.js';
import type { TrainingRecord } from '../store/rows.js';
import { storedTuning, tuneState } from '../tuning/schemas.js';
import { parametersAt, variablesOf } from '../tuning/tunable.js';
import { pointOf, type TuneResult, type TuneState } from '../tuning/tune.js';
import { tunedText } from '../tuning/tuned-text.js';
import { TUNED_KEY, TUNING_STATE_KEY } from './run-tuning.js';

/** How a tuning stands. */
export interface InspectedTuning {
  readonly settings: TuningSettings;
  readonly loss: string;
  /** Where it began. */
  readonly start: ParameterValues;
  /** Once it is finished. */
  readonly result: TuneResult | undefined;
  /** The best values: confirmed once it is finished, before that the ones with the best training. */
  readonly best: { readonly parameters: ParameterValues; readonly score: number } | undefined;
  readonly history: TuneState['history'];
  readonly trainings: readonly TrainingRecord[];
  /** The loss with the best values, or where it began, as a `.loss` file. */
  readonly text: string;
}

/** How the tuning in a folder stands, finished or not. Throws a RunError where the folder is not that of a tuning. */
export function inspectTuning(directory: string): InspectedTuning {
  const settings = readTuningSettings(directory);
  const candidate = readLoss(settings.loss.sources, settings.loss.name);
  const variables = variablesOf(candidate.loss, settings.start);
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  try {
    const state = ledger.result(TUNING_STATE_KEY, tuneState);
    const result = ledger.result(TUNED_KEY, storedTuning)?.result;
    const leader = state?.leaders[0];
    const found = leader && {
      parameters: parametersAt(variables, pointOf(variables, leader.point)),
      score: leader.score,
    };
    const best = result?.best ?? found;
    const start = parametersAt(
      variables,
      variables.map((variable) => variable.start),
    );
    return {
      settings,
      loss: candidate.loss.name.name,
      start,
      result,
      best,
      history: result?.history ?? state?.history ?? [],
      trainings: ledger.trainings(),
      text: tunedText(candidate, best?.parameters ?? start, []),
    };
  } finally {
    ledger.close();
  }
}
