/** Reads `settings.json`, which may be damaged or a stranger's. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { RunError, readProblem } from '../../errors.js';
import { parseJson, type Schema, validated } from '../../read-json.js';
import type { RunSettings, TuningSettings } from '../model/run-settings.js';
import type { LedgerReader } from './ledger.js';
import { runSettings, tuningSettings } from './settings-schemas.js';

const SEARCH = { '2': runSettings };
const TUNING = { 'tuning 2': tuningSettings };

/** Of a search or of a tuning. */
export const readAnySettings = (directory: string): RunSettings | TuningSettings =>
  readSettings<RunSettings | TuningSettings>(directory, { ...SEARCH, ...TUNING });

export function readRunSettings(directory: string): RunSettings {
  const settings = readAnySettings(directory);
  if (settings.format === 2) return settings;
  throw new RunError(
    `${directory} is the folder of a tuning: it has only one loss, so no candidates, front or lineage`,
    `lossc show ${directory} and lossc report ${directory} show its results`,
  );
}

export function readTuningSettings(directory: string): TuningSettings {
  const settings = readAnySettings(directory);
  if (settings.format === 'tuning 2') return settings;
  throw new RunError(`${directory} is the folder of a search, not of a tuning`);
}

/**
 * Throws a RunError where `settings.json` is no longer what the run began with, which its ledger keeps too: the result would be
 * neither that of the old settings nor that of the new ones. Its budget may have been changed.
 */
export function requireUnchanged(
  directory: string,
  settings: RunSettings | TuningSettings,
  ledger: Pick<LedgerReader, 'meta'>,
): void {
  const file = join(directory, 'settings.json');
  const what = `the settings in the ledger of ${directory}`;
  const schemas: Readonly<Record<string, Schema<RunSettings | TuningSettings>>> = { ...SEARCH, ...TUNING };
  const begun = parseJson(ledger.meta('settings') ?? '', schemas[String(settings.format)]!, what);
  const [now, then] = [withoutBudget(settings), withoutBudget(begun)];
  const names = new Set([...Object.keys(now), ...Object.keys(then)]);
  const changed = [...names].filter((name) => JSON.stringify(now[name]) !== JSON.stringify(then[name]));
  if (changed.length === 0) return;
  throw new RunError(
    `${file} was changed after the run started: ${changed.join(', ')}`,
    'undo the change, or start a new run',
  );
}

function withoutBudget(settings: RunSettings | TuningSettings): Readonly<Record<string, unknown>> {
  if (settings.format === 2) return { ...settings, budget: undefined };
  return { ...settings, tuning: { ...settings.tuning, evaluations: undefined } };
}

const FOLDER_HINT = 'is this the folder of a run?';
const ANY_FORMAT: Schema<{ readonly format: string | number }> = v.looseObject({
  format: v.union([v.string(), v.number()]),
});

/**
 * The settings of a folder by their format, each with the schema that it is read with. Throws a RunError for a folder
 * that is none, for another version, and for damage, which it names.
 */
function readSettings<T>(directory: string, schemas: Readonly<Record<string, Schema<T>>>): T {
  const file = join(directory, 'settings.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new RunError(`cannot read ${file}: ${readProblem(thrown)}`, FOLDER_HINT);
  }
  const document = parseJson(text, ANY_FORMAT, file, FOLDER_HINT);
  const schema = Object.hasOwn(schemas, String(document.format))
    ? schemas[String(document.format)]
    : undefined;
  if (schema === undefined) {
    const readable = Object.keys(schemas).join(' and ');
    throw new RunError(`${file} has format ${document.format}; this version of lossc reads ${readable}`);
  }
  return validated(document, schema, `${file} is damaged`, 'restore it from a copy');
}
