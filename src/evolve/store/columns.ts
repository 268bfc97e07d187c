/** Tables of a ledger, each column said once: how SQLite keeps it, how a field becomes a cell, and a cell the field again. */
import * as v from 'valibot';
import type { Schema } from '../../read-json.js';
import { count as countSchema, number } from '../model/schemas.js';

type Cell = number | string | null;

export interface Column<T> {
  /** Type and constraint in SQL. */
  readonly sql: string;
  write(value: T): Cell;
  /** What is read is not trusted: a ledger may be damaged, or a stranger's. */
  readonly read: Schema<T>;
}

const same = <T>(value: T): T => value;

export const whole: Column<number> = {
  sql: 'INTEGER NOT NULL',
  write: same,
  read: v.pipe(v.number(), v.safeInteger()),
};
export const count: Column<number> = { ...whole, read: countSchema };
export const real: Column<number> = { sql: 'REAL NOT NULL', write: same, read: number };
export const text: Column<string> = { sql: 'TEXT NOT NULL', write: same, read: v.string() };

/** One of some words. */
export const word = <const W extends string>(words: readonly W[]): Column<W> => ({
  sql: 'TEXT NOT NULL',
  write: same,
  read: v.picklist(words),
});

export const flag: Column<boolean> = {
  sql: 'INTEGER NOT NULL',
  write: Number,
  read: v.pipe(
    v.picklist([0, 1]),
    v.transform((value) => value === 1),
  ),
};

/** A flag whose field is there only when it is set. */
export const mark: Column<boolean | undefined> = {
  sql: 'INTEGER NOT NULL',
  write: (value) => Number(value ?? false),
  read: v.pipe(
    v.picklist([0, 1]),
    v.transform((value) => (value === 1 ? true : undefined)),
  ),
};

/** Lists and records are JSON text. */
export const json = <T>(schema: Schema<T>): Column<T> => ({
  sql: 'TEXT NOT NULL',
  write: (value) => JSON.stringify(value),
  read: v.pipe(v.string(), v.parseJson(), schema),
});

/** NULL where the value is null. */
export const nullable = <T>(column: Column<T>): Column<T | null> => ({
  sql: column.sql.replace(' NOT NULL', ''),
  write: (value) => (value === null ? null : column.write(value)),
  read: v.nullable(column.read),
});

/** NULL where the field is missing. */
export const optional = <T>(column: Column<T>): Column<T | undefined> => ({
  sql: column.sql.replace(' NOT NULL', ''),
  write: (value) => (value === undefined ? null : column.write(value)),
  read: v.pipe(
    v.nullable(column.read),
    v.transform((value) => value ?? undefined),
  ),
});

type ColumnOf<R, F extends keyof R> =
  Record<never, never> extends Pick<R, F> ? Column<Required<R>[F] | undefined> : Column<R[F]>;

/** A field of the row's type that has no column does not compile. */
export type Columns<R> = { readonly [F in keyof R]-?: ColumnOf<R, F> };

export interface Table<R> {
  /** The statement that makes the table, and the one that adds a row. */
  readonly create: string;
  readonly insert: string;
  cells(row: R): Cell[];
  /** From a row as SQLite gives it. */
  readonly row: Schema<R>;
}

/** `key` is the column that is the primary key: of its own, and counted by SQLite, where it is no field. */
export function table<R extends object>(name: string, key: string, columns: Columns<R>): Table<R> {
  const fields = Object.keys(columns) as (keyof R & string)[];
  const names = fields.map(columnName);
  const typed = fields.map((field) =>
    field === key ? `${field} INTEGER PRIMARY KEY` : `${columnName(field)} ${columns[field].sql}`,
  );
  if (!names.includes(key)) typed.unshift(`${key} INTEGER PRIMARY KEY`);
  const cells = v.object(Object.fromEntries(fields.map((field) => [columnName(field), columns[field].read])));
  const row = v.pipe(
    cells,
    v.transform((read) =>
      Object.fromEntries(
        fields.flatMap((field) => {
          const value = read[columnName(field)];
          return value === undefined ? [] : [[field, value]];
        }),
      ),
    ),
  );
  return {
    create: `CREATE TABLE ${name} (${typed.join(', ')});`,
    insert: `INSERT INTO ${name} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    cells: (given) => fields.map((field) => (columns[field] as Column<unknown>).write(given[field])),
    row: row as unknown as Schema<R>,
  };
}

/** `sameAs` is the column `same_as`. */
const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
