import { UsageError } from '../errors.js';
import type { ParameterValues } from '../evolve/model/candidate.js';
import { type Shown, show } from '../evolve/run/inspect.js';
import { type InspectedTuning, inspectTuning } from '../evolve/run/inspect-tuning.js';
import { readAnySettings } from '../evolve/store/read-settings.js';
import { print, printJson } from '../terminal.js';
import { type Define, wholeNumber } from './command.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc show DIR [ID]`: all that is known of a candidate, or of a tuning. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<dir>', 'folder of a run')
    .argument('[id]', 'number of a candidate (default: the winner, or the best so far)', wholeNumber(0))
    .action((directory: string, id: number | undefined, options: { json?: boolean }) => {
      if (readAnySettings(directory).format === 'tuning 2') {
        if (id !== undefined)
          throw new UsageError(`${directory} is a tuning: it has no candidate ${id}`, 'leave the number out');
        const tuning = inspectTuning(directory);
        if (options.json) printJson(asJson(tuning));
        else printTuning(tuning);
        return;
      }
      const shown = show(directory, id);
      if (options.json) printJson(shown);
      else printCandidate(shown);
    });
};

const scoresText = (scores: readonly number[]): string => scores.map((score) => score.toFixed(4)).join(', ');

function printCandidate({ text, row, trainings, tuned, final }: Shown): void {
  print(text.trimEnd());
  print(
    `\ncandidate ${row.id}, generation ${row.generation + 1}, island ${row.island + 1}, by ${row.operator}`,
  );
  if (row.parents.length > 0) print(`parents   ${row.parents.join(', ')}`);
  print(`scores    ${row.scores.length === 0 ? 'never trained' : scoresText(row.scores)}`);
  print(`trainings ${trainings.length}`);
  if (tuned !== undefined) {
    const { start, best, trainings: made } = tuned.result;
    print(`tuned     ${start.score.toFixed(4)} before, ${best.score.toFixed(4)} after ${made} trainings`);
    print(`          ${valuesText(best.parameters)}`);
  }
  if (final !== undefined) print(`final     ${final.score.toFixed(4)} (${scoresText(final.scores)})`);
}

function printTuning({ text, settings, start, best, result, trainings }: InspectedTuning): void {
  print(text.trimEnd());
  print(
    result === undefined
      ? `\ntuning of ${Object.keys(start).join(', ')}, not finished: ${trainings.length} of about ${settings.tuning.evaluations} trainings`
      : `\ntuning of ${Object.keys(start).join(', ')}: ${result.trainings} trainings, ${result.restarts} restarts`,
  );
  const before =
    result === undefined ? '' : `${result.start.score.toFixed(4)} (${scoresText(result.start.scores)})  `;
  print(`start     ${before}${valuesText(start)}`);
  if (best === undefined) return;
  const confirmed = result === undefined ? 'one training' : scoresText(result.best.scores);
  print(`best      ${best.score.toFixed(4)} (${confirmed})  ${valuesText(best.parameters)}`);
}

function valuesText(values: ParameterValues): string {
  const short = (value: number): string => String(Number(value.toPrecision(6)));
  return Object.entries(values)
    .map(
      ([name, value]) =>
        `${name} = ${typeof value === 'number' ? short(value) : `[${value.map(short).join(', ')}]`}`,
    )
    .join(', ');
}

function asJson({ loss, settings, start, best, result, trainings, text }: InspectedTuning): unknown {
  return {
    loss,
    text,
    start,
    best,
    finished: result !== undefined,
    result,
    trainings,
    command: settings.command,
  };
}
