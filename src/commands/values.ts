import type { Numbers } from '../../compiler/exact/exact.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { UsageError } from '../errors.js';

/** Reads `name=JSON` options into numbers and lists of numbers. `what` names the option in messages. */
export function readValues(entries: readonly string[], what: string): Map<string, ParameterValue> {
  const values = new Map<string, ParameterValue>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const name = entry.slice(0, Math.max(at, 0)).trim();
    if (at < 1)
      throw new UsageError(`--${what} ${entry}: write --${what} name=value, such as --${what} target=[0]`);
    if (values.has(name)) throw new UsageError(`--${what} ${name} is given twice`);
    values.set(name, readValue(entry.slice(at + 1), `--${what} ${name}`));
  }
  return values;
}

/** Reads `name=JSON` options as they are written: a number of more digits than a double keeps all of them. */
export function readDecimals(entries: readonly string[], what: string): Map<string, Numbers<string>> {
  // As strings, numbers pass JSON whole. That they are numbers was seen before.
  const quoted = entries.map((entry) => entry.replaceAll(/(?<!["\w.])-?\d[\d.eE+-]*/g, '"$&"'));
  readValues(entries, what);
  return new Map(
    quoted.map((entry) => {
      const at = entry.indexOf('=');
      const value: unknown = JSON.parse(entry.slice(at + 1));
      return [entry.slice(0, at).trim(), { shape: lengths(value), data: [value].flat(8).map(String) }];
    }),
  );
}

/** The lengths of nested lists that are known to be regular. */
const lengths = (value: unknown): number[] =>
  Array.isArray(value) ? [value.length, ...(value.length > 0 ? lengths(value[0]) : [])] : [];

const WORDS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export function readValue(text: string, what: string): ParameterValue {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(
      `${what}: ${text.slice(0, 60)} is not JSON`,
      'write numbers or lists of them: 2 or [[0.5, 0.25, 0.25]]',
    );
  }
  return numbers(value, what, 0);
}

function numbers(value: unknown, what: string, depth: number): ParameterValue {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && Object.hasOwn(WORDS, value)) return WORDS[value]!;
  if (Array.isArray(value) && depth < 8) return value.map((item) => numbers(item, what, depth + 1));
  throw new UsageError(
    `${what}: only numbers and lists of numbers can be given, not ${JSON.stringify(value)?.slice(0, 40)}`,
  );
}
