/** The ledger of a run: everything that must survive a crash, in one SQLite file. Every method that writes is durable on return. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, RunError } from '../../errors.js';
import { syncFolder } from '../../files.js';
import { parseJson, type Schema } from '../../read-json.js';
import type { EvaluationRow } from '../model/evaluation.js';
import type { TrainingJob, TrainingReport } from '../model/evaluator.js';
import { searchState } from '../model/schemas.js';
import type { GenerationReport, SearchState } from '../model/search-state.js';
import { checkpoint, type Database, openCopy, openDatabase, type Row } from './database.js';
import {
  DAMAGED_HINT,
  evaluationFromRow,
  generationFromRow,
  importedFromRow,
  type TrainingRecord,
  trainingFromRow,
} from './rows.js';
import {
  EVALUATIONS,
  GENERATIONS,
  type GenerationRecord,
  IMPORTED,
  type ImportedLoss,
  SCHEMA,
  SCHEMA_VERSION,
  TRAININGS,
} from './tables.js';

/** What may be asked of a ledger. */
export interface LedgerReader {
  meta(key: string): string | undefined;
  evaluations(): EvaluationRow[];
  /** In the order of their generations, and within one in that of ending. */
  trainings(): TrainingRecord[];
  generations(): GenerationRecord[];
  /** The state after the last finished generation. */
  lastState(): SearchState | undefined;
  /** The states after the last so many finished generations, in their order. */
  latestStates(count: number): SearchState[];
  /** One JSON value under a name; throws a RunError where it is not of the schema. */
  result<T>(name: string, schema: Schema<T>): T | undefined;
  imported(): ImportedLoss[];
  close(): void;
}

export interface Ledger extends LedgerReader {
  /** The report of a training that took place in a generation that is not finished, by its key. */
  pendingTraining(generation: number, key: string): TrainingReport | undefined;
  addTraining(generation: number, key: string, job: TrainingJob, report: TrainingReport): void;
  addGeneration(state: SearchState, report: GenerationReport, seconds: number): void;
  setResult(name: string, value: unknown): void;
  addImported(losses: readonly ImportedLoss[]): void;
}

/** What identifies a training: the same key is the same question. `trainer`: who is asked, where that is not ourselves. */
export function trainingKey(job: TrainingJob, trainer = ''): string {
  return JSON.stringify([
    job.seed,
    job.genome,
    job.steps,
    job.gates,
    job.looks ?? 0,
    job.loss ?? '',
    job.parameters ?? {},
    ...(trainer === '' ? [] : [trainer]),
  ]);
}

/**
 * Creates a ledger; the file must not exist. It is made under another name and renamed when its tables are on disk, so
 * a ledger that exists is whole. `meta` is written once.
 */
export function createLedger(file: string, meta: Readonly<Record<string, string>>): Ledger {
  if (existsSync(file)) throw new RunError(`${file} already exists`, 'a run is never overwritten');
  const unfinished = `${file}.new`;
  for (const name of [unfinished, `${unfinished}-wal`]) rmSync(name, { force: true });
  guarded(file, () => {
    const database = openDatabase(unfinished);
    try {
      database.exec('BEGIN');
      database.exec(SCHEMA);
      for (const [key, value] of Object.entries({ schema: String(SCHEMA_VERSION), ...meta })) {
        database.run('INSERT INTO meta VALUES (?, ?)', [key, value]);
      }
      database.exec('COMMIT');
      database.get('PRAGMA wal_checkpoint(TRUNCATE)');
    } finally {
      // Closing moves what is in the log to the file and removes the log.
      database.close();
    }
    renameSync(unfinished, file);
    syncFolder(dirname(file));
  });
  return openLedger(file);
}

/** Opens an existing ledger for writing. */
export function openLedger(file: string): Ledger {
  if (!existsSync(file)) throw new RunError(`there is no ledger at ${file}`, 'is this the folder of a run?');
  const database = openDatabase(file);
  try {
    checkSchema(file, database);
    return writer(file, database);
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** Reads a ledger as it is now; a run that is going on is not disturbed. */
export function readLedger(file: string): LedgerReader {
  const { database, close } = openCopy(file);
  try {
    checkSchema(file, database);
  } catch (thrown) {
    close();
    throw thrown;
  }
  return { ...reader(file, database), close };
}

function checkSchema(file: string, database: Database): void {
  const version = guarded(file, () => reader(file, database).meta('schema'), 'cannot be read');
  if (version === String(SCHEMA_VERSION)) return;
  throw new RunError(
    `${file} has ledger version ${version ?? 'none'}; this version of lossc reads ${SCHEMA_VERSION}`,
    'use the version of lossc that created it: settings.json names it',
  );
}

function reader(file: string, database: Database): LedgerReader {
  const all = <T>(sql: string, read: (row: Row, file: string) => T): T[] =>
    guarded(file, () => database.all(sql) as Row[], 'cannot be read').map((row) => read(row, file));
  const value = (sql: string, parameters: string[] = []): string | undefined => {
    const row = guarded(file, () => database.get(sql, parameters) as Row | null, 'cannot be read');
    return row === null ? undefined : String(row['value']);
  };
  const latestStates = (count: number): SearchState[] =>
    all(`SELECT state FROM generations ORDER BY number DESC LIMIT ${count}`, (row) =>
      parseJson(String(row['state']), searchState, `the last state in ${file}`, DAMAGED_HINT),
    ).reverse();
  return {
    meta: (key) => value('SELECT value FROM meta WHERE key = ?', [key]),
    evaluations: () => all('SELECT * FROM evaluations ORDER BY id', evaluationFromRow),
    trainings: () => all('SELECT * FROM trainings ORDER BY generation, id', trainingFromRow),
    generations: () => all('SELECT * FROM generations ORDER BY number', generationFromRow),
    lastState: () => latestStates(1)[0],
    latestStates,
    result(name, schema) {
      const stored = value('SELECT value FROM results WHERE name = ?', [name]);
      return stored === undefined
        ? undefined
        : parseJson(stored, schema, `the result "${name}" in ${file}`, DAMAGED_HINT);
    },
    imported: () => all('SELECT * FROM imported ORDER BY id', importedFromRow),
    close: () => database.close(),
  };
}

function writer(file: string, database: Database): Ledger {
  const read = reader(file, database);
  const last = read.lastState()?.generation ?? -1;
  const pending = new Map<number, Map<string, TrainingReport>>();
  const keep = (generation: number, key: string, report: TrainingReport): void => {
    // One that failed is tried again: the model may be mended by now, and nobody may kill the worker this time.
    if (report.score === null) return;
    const known = pending.get(generation) ?? new Map<string, TrainingReport>();
    pending.set(generation, known.set(key, report));
  };
  const unfinished = database.all('SELECT * FROM trainings WHERE generation > ? ORDER BY id', last) as Row[];
  for (const row of unfinished) {
    const report = trainingFromRow(row, file);
    keep(report.generation, String(row['key']), report);
  }
  const inPlace = placeGuard(file);
  const transaction = (write: () => void): void => {
    inPlace();
    guarded(file, () => {
      database.exec('BEGIN IMMEDIATE');
      try {
        write();
        database.exec('COMMIT');
      } catch (thrown) {
        rollback(database);
        throw thrown;
      }
    });
  };
  return {
    ...read,
    pendingTraining: (generation, key) => pending.get(generation)?.get(key),
    addTraining(generation, key, job, report) {
      const { genome, replicate, seed } = job;
      const { end: outcome, score, steps, milliseconds, curve } = report;
      const row = {
        ...{ generation, key, genome, replicate, seed, outcome, score, steps, milliseconds, curve },
        ...(report.score === null && { detail: report.detail }),
      };
      transaction(() => database.run(TRAININGS.insert, TRAININGS.cells(row)));
      keep(generation, key, report);
    },
    addGeneration(state, report, seconds) {
      transaction(() => {
        const insert = database.prepare(EVALUATIONS.insert);
        try {
          for (const row of report.rows) insert.run(EVALUATIONS.cells(row));
        } finally {
          insert.finalize();
        }
        const row = { number: state.generation, best: report.best, median: report.median, seconds };
        database.run(GENERATIONS.insert, GENERATIONS.cells({ ...row, state: JSON.stringify(state) }));
      });
      pending.delete(state.generation);
      const log = `${file}-wal`;
      guarded(file, () => checkpoint(database, existsSync(log) ? statSync(log).size : 0));
    },
    setResult(name, value) {
      const values = [name, JSON.stringify(value)];
      transaction(() => database.run('INSERT OR REPLACE INTO results VALUES (?, ?)', values));
    },
    addImported(losses) {
      transaction(() => {
        for (const loss of losses) database.run(IMPORTED.insert, IMPORTED.cells(loss));
      });
    },
  };
}

/** A file that was deleted can still be written: whoever writes on into nothing has to be told. */
function placeGuard(file: string): () => void {
  const inode = (): bigint | undefined => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
  const opened = inode();
  return () => {
    if (inode() === opened) return;
    throw new RunError(
      `the ledger ${file} was deleted or replaced while the run was in progress`,
      'further results could not be saved, so the run ends: restore the folder and resume it, or start again',
    );
  };
}

function rollback(database: Database): void {
  try {
    if (database.inTransaction) database.exec('ROLLBACK');
  } catch {
    // The error that led here says more.
  }
}

/** Turns errors of SQLite into one that says what happened to the run. */
function guarded<T>(file: string, action: () => T, what = 'could not be written'): T {
  try {
    return action();
  } catch (thrown) {
    throw new RunError(
      `the ledger ${file} ${what}: ${messageOf(thrown)}`,
      'is the disk full? Everything so far is saved; free some space and resume the run',
    );
  }
}
