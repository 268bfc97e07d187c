/** JSON that somebody else may have written, or that a disk has damaged: read against a schema, and what is wrong is named. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { RunError, readProblem } from './errors.js';

export type Schema<T> = v.GenericSchema<unknown, T>;

/** `what` names the text in the message: a file, or a place in a ledger. */
export function parseJson<T>(text: string, schema: Schema<T>, what: string, hint?: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RunError(`${what} is damaged: it is not JSON`, hint);
  }
  return validated(value, schema, `${what} is damaged`, hint);
}

/** Reads a file; `hint` says what to do where it is missing or damaged. */
export function readJsonFile<T>(file: string, schema: Schema<T>, hint?: string): T {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new RunError(`cannot read ${file}: ${readProblem(thrown)}`, hint);
  }
  return parseJson(text, schema, file, hint);
}

/** A value of the schema's type, or a RunError that names every field that is wrong. */
export function validated<T>(value: unknown, schema: Schema<T>, failure: string, hint?: string): T {
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const problems = parsed.issues.slice(0, MOST_PROBLEMS).map(problemOf);
  throw new RunError(`${failure}: ${problems.join('; ')}`, hint);
}

/** Problems that are listed: more do not help. */
const MOST_PROBLEMS = 5;
/** Characters of a wrong value that are shown. */
const SHOWN = 60;

/** What checks of valibot ask for, where the library does not say it as a value. */
const EXPECTED: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  safe_integer: 'a whole number',
  finite: 'a finite number',
  min_length: 'longer',
  custom: 'an object',
};

/** What valibot calls kinds of values, and bounds. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^string$/, 'a text'],
  [/^number$/, 'a number'],
  [/^boolean$/, 'true or false'],
  [/^Array$/, 'a list'],
  [/^Object$/, 'an object'],
  [/^>=/, 'at least '],
  [/^<=/, 'at most '],
  [/^>/, 'more than '],
  [/^\((.*)\)$/, '$1'],
  [/ \| /g, ' or '],
];

const inWords = (kind: string): string =>
  WORDS.reduce((text, [pattern, words]) => text.replace(pattern, words), kind).slice(0, SHOWN);

function problemOf(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const place = path === null ? 'it' : `"${path}"`;
  if (issue.type === 'strict_object' && issue.expected === 'never') return `there is no field ${place}`;
  if (issue.received === 'undefined') return `${place} is missing`;
  const expected = EXPECTED[issue.type] ?? issue.expected ?? 'something else';
  return `${place} is ${inWords(issue.received)} and should be ${inWords(expected)}`;
}

const isPlainObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Entries under any names. A list, which is an object too, is none. */
export const recordOf = <T>(value: Schema<T>): Schema<Record<string, T>> =>
  v.pipe(v.custom<object>(isPlainObject), v.record(v.string(), value));

/** A number as our own files hold it: NaN and the infinities are strings there, since JSON lacks them. */
export const storedNumber: Schema<number> = v.pipe(
  v.union([v.number(), v.picklist(['NaN', 'Infinity', '-Infinity'])]),
  v.transform(Number),
);
