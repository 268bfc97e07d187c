/** The ledger of a run: everything that must survive a crash, in one SQLite file. Every method that writes is durable on return. */
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, RunError } from '../../runtime/run-error.js';
import type { EvaluationRow } from '../search/memory.js';
import type { GenerationReport, SearchState } from '../search/search-state.js';
import type { TrainingJob, TrainingReport } from '../training/evaluator.js';
import { checkpoint, type Database, openCopy, openDatabase, type Row } from './database.js';
import { syncFolder } from './files.js';
import { EVALUATION_COLUMNS, evaluationFromRow, evaluationToRow } from './rows.js';
import { SCHEMA, SCHEMA_VERSION } from './schema.js';

export interface GenerationRecord {
  readonly number: number;
  readonly best: number;
  readonly median: number;
  readonly seconds: number;
}

export interface TrainingRecord extends TrainingReport {
  readonly generation: number;
  readonly genome: readonly string[];
  readonly replicate: number;
}

export interface ImportedLoss {
  readonly run: string;
  readonly canonical: string;
  readonly gradient: string;
  readonly fingerprint: string;
  readonly features: readonly number[];
  readonly genome: readonly string[];
  readonly size: number;
  readonly score: number;
}

/** What may be asked of a ledger. */
export interface LedgerReader {
  meta(key: string): string | undefined;
  evaluations(): EvaluationRow[];
  trainings(): TrainingRecord[];
  generations(): GenerationRecord[];
  /** The state after the last finished generation. */
  lastState(): SearchState | undefined;
  result(name: string): unknown;
  imported(): ImportedLoss[];
  close(): void;
}

export interface Ledger extends LedgerReader {
  /** The report of a training that finished in a generation that did not, by its key. */
  pendingTraining(key: string): TrainingReport | undefined;
  addTraining(generation: number, key: string, job: TrainingJob, report: TrainingReport): void;
  addGeneration(state: SearchState, report: GenerationReport, seconds: number): void;
  setResult(name: string, value: unknown): void;
  addImported(losses: readonly ImportedLoss[]): void;
}

/** What identifies a training: the same key is the same question. */
export function trainingKey(job: TrainingJob): string {
  return JSON.stringify([
    job.seed,
    job.genome,
    job.steps,
    job.gates,
    job.looks ?? 0,
    job.loss ?? '',
    job.parameters ?? {},
  ]);
}

/**
 * Creates a ledger; the file must not exist. It is made under another name and renamed when its tables are on disk, so
 * a ledger that exists is whole. `meta` is written once.
 */
export function createLedger(file: string, meta: Readonly<Record<string, string>>): Ledger {
  if (existsSync(file)) throw new RunError(`${file} exists already`, 'a run is never overwritten');
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
  return { ...reader(database), close };
}

function checkSchema(file: string, database: Database): void {
  const version = guarded(file, () => reader(database).meta('schema'), 'cannot be read');
  if (version === String(SCHEMA_VERSION)) return;
  throw new RunError(
    `${file} has ledger version ${version ?? 'none'}; this version of lossc reads ${SCHEMA_VERSION}`,
    'use the version of lossc that made it: settings.json names it',
  );
}

function reader(database: Database): LedgerReader {
  const all = (sql: string): Row[] => database.all(sql) as Row[];
  return {
    meta: (key) => text(database.get('SELECT value FROM meta WHERE key = ?', key) as Row | null),
    evaluations: () => all('SELECT * FROM evaluations ORDER BY id').map(evaluationFromRow),
    trainings: () => all('SELECT * FROM trainings ORDER BY id').map(trainingFromRow),
    generations: () =>
      all('SELECT number, best, median, seconds FROM generations ORDER BY number').map(
        ({ number, best, median, seconds }) => ({
          number: Number(number),
          best: Number(best),
          median: Number(median),
          seconds: Number(seconds),
        }),
      ),
    lastState() {
      const state = text(
        database.get('SELECT state AS value FROM generations ORDER BY number DESC LIMIT 1') as Row | null,
      );
      return state === undefined ? undefined : (JSON.parse(state) as SearchState);
    },
    result(name) {
      const value = text(database.get('SELECT value FROM results WHERE name = ?', name) as Row | null);
      return value === undefined ? undefined : (JSON.parse(value) as unknown);
    },
    imported: () =>
      all('SELECT * FROM imported ORDER BY id').map((row) => ({
        run: String(row['run']),
        canonical: String(row['canonical']),
        gradient: String(row['gradient']),
        fingerprint: String(row['fingerprint']),
        features: JSON.parse(String(row['features'])) as number[],
        genome: JSON.parse(String(row['genome'])) as string[],
        size: Number(row['size']),
        score: Number(row['score']),
      })),
    close: () => database.close(),
  };
}

const text = (row: Row | null): string | undefined => (row === null ? undefined : String(row['value']));

function trainingFromRow(row: Row): TrainingRecord {
  return {
    generation: Number(row['generation']),
    genome: JSON.parse(String(row['genome'])) as string[],
    replicate: Number(row['replicate']),
    end: String(row['outcome']) as TrainingReport['end'],
    ...(row['detail'] !== null && { detail: String(row['detail']) }),
    score: Number(row['score']),
    steps: Number(row['steps']),
    milliseconds: Number(row['milliseconds']),
    curve: JSON.parse(String(row['curve'])) as TrainingReport['curve'],
  };
}

function writer(file: string, database: Database): Ledger {
  const read = reader(database);
  const last = read.lastState()?.generation ?? -1;
  const pending = new Map<string, TrainingReport>();
  const unfinished = database.all('SELECT * FROM trainings WHERE generation > ? ORDER BY id', last) as Row[];
  for (const row of unfinished) pending.set(String(row['key']), trainingFromRow(row));
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
    pendingTraining: (key) => pending.get(key),
    addTraining(generation, key, job, report) {
      transaction(() =>
        database.run('INSERT INTO trainings VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', [
          generation,
          key,
          JSON.stringify(job.genome),
          job.replicate,
          job.seed,
          report.end,
          report.detail ?? null,
          report.score,
          report.steps,
          report.milliseconds,
          JSON.stringify(report.curve),
        ]),
      );
      pending.set(key, report);
    },
    addGeneration(state, report, seconds) {
      transaction(() => {
        const marks = EVALUATION_COLUMNS.map(() => '?').join(', ');
        const insert = database.prepare(
          `INSERT INTO evaluations (${EVALUATION_COLUMNS.join(', ')}) VALUES (${marks})`,
        );
        try {
          for (const row of report.rows) insert.run(evaluationToRow(row));
        } finally {
          insert.finalize();
        }
        database.run('INSERT INTO generations VALUES (?, ?, ?, ?, ?)', [
          state.generation,
          report.best,
          report.median,
          seconds,
          JSON.stringify(state),
        ]);
      });
      pending.clear();
      const log = `${file}-wal`;
      guarded(file, () => checkpoint(database, existsSync(log) ? statSync(log).size : 0));
    },
    setResult(name, value) {
      const values = [name, JSON.stringify(value)];
      transaction(() => database.run('INSERT OR REPLACE INTO results VALUES (?, ?)', values));
    },
    addImported(losses) {
      transaction(() => {
        for (const loss of losses) {
          database.run('INSERT INTO imported VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?)', [
            loss.run,
            loss.canonical,
            loss.gradient,
            loss.fingerprint,
            JSON.stringify(loss.features),
            JSON.stringify(loss.genome),
            loss.size,
            loss.score,
          ]);
        }
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
      `the ledger ${file} was deleted or replaced while the run was going on`,
      'what is found from here on could not be saved, so the run ends: put the folder back and resume it, or begin again',
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
      'is the disk full? Everything before this moment is saved; make room and resume the run',
    );
  }
}
