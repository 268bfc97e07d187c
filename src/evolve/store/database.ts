/**
 * Opens SQLite so that nothing that was committed is lost by `kill -9`, a crash of the machine or a full disk.
 *
 * node-sqlite3-wasm in its default mode does not survive `kill -9`: its lock file makes SQLite believe that another
 * process is at work, so the rollback journal of a torn transaction is never played back and the database is corrupt.
 * A write-ahead log in exclusive mode has no such step: frames carry checksums, and what is not complete is ignored.
 * The lock file that a killed process leaves behind is removed here; `lockRun` keeps other processes away.
 */
import { closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { messageOf, RunError } from '../../errors.js';

export type Database = InstanceType<typeof sqlite.Database>;
export type Row = Record<string, number | bigint | string | Uint8Array | null>;

/** Opens for writing. Precondition: the caller holds the lock of the run. `name` is what messages call it. */
export function openDatabase(file: string, name = file): Database {
  rmSync(`${file}.lock`, { recursive: true, force: true });
  return configured(name, () => {
    const database = new sqlite.Database(file);
    // Exclusive before the first access: without it a write-ahead log needs shared memory, which there is none of.
    database.exec('PRAGMA locking_mode=EXCLUSIVE');
    database.get('PRAGMA journal_mode=WAL');
    // FULL: every commit waits for the disk. Checkpoints are made by `checkpoint` alone, so that a reader's copy is whole.
    database.exec('PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0');
    return database;
  });
}

/**
 * A private copy of a ledger as it is now, also while a run writes it. The main file changes only in a checkpoint, which
 * ends by starting the log afresh with new salts: if those are the same before and after copying, the copied log holds
 * everything that a checkpoint under way could have torn in the copied file.
 */
export function openCopy(file: string): { readonly database: Database; close(): void } {
  if (!existsSync(file)) throw new RunError(`there is no ledger at ${file}`, 'is this the folder of a run?');
  const folder = mkdtempSync(join(tmpdir(), 'lossc-ledger-'));
  const copy = join(folder, 'ledger.sqlite');
  try {
    for (let attempt = 0; ; attempt++) {
      const before = logSalts(file);
      copyFileSync(file, copy);
      rmSync(`${copy}-wal`, { force: true });
      if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
      if (logSalts(file) === before) break;
      if (attempt > 20) throw new RunError(`${file} changes faster than it can be read`);
    }
    const database = openDatabase(copy, file);
    return {
      database,
      close() {
        database.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (thrown) {
    rmSync(folder, { recursive: true, force: true });
    throw thrown;
  }
}

/** Bytes 16 to 23 of the log: new ones after every checkpoint that starts it afresh. */
function logSalts(file: string): string {
  try {
    const descriptor = openSync(`${file}-wal`, 'r');
    try {
      const header = Buffer.alloc(32);
      readSync(descriptor, header, 0, 32, 0);
      return header.toString('hex', 16, 24);
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

function configured(file: string, open: () => Database): Database {
  let database: Database | undefined;
  try {
    database = open();
    const check = database.get('PRAGMA quick_check') as Row | null;
    if (check?.['quick_check'] !== 'ok') throw new Error(String(check?.['quick_check'] ?? 'unreadable'));
    return database;
  } catch (thrown) {
    try {
      database?.close();
    } catch {
      // The first error says more.
    }
    throw new RunError(`the ledger ${file} cannot be read: ${messageOf(thrown)}`, 'restore it from a copy');
  }
}

/** Log size from which a checkpoint is worth it: some thousand evaluations. */
const CHECKPOINT_BYTES = 32 * 1024 * 1024;

/** Moves the log into the main file when it has grown large. */
export function checkpoint(database: Database, logBytes: number): void {
  if (logBytes > CHECKPOINT_BYTES) database.get('PRAGMA wal_checkpoint(TRUNCATE)');
}
