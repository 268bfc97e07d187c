import { suggestions } from '../../compiler/words/suggest.js';

/** What an argument of the public API has to be. TypeScript says it first; this is for who does not use it. */
export interface Expectation {
  /** Completes "must be …". */
  readonly what: string;
  readonly holds: (value: unknown) => boolean;
  /** How to get there from a wrong value that is often given. */
  readonly cure?: (value: unknown) => string | undefined;
}

/** Throws a TypeError for the first argument that is not what it has to be: `[its name, its value, what it has to be]`. */
export function demand(
  call: string,
  args: readonly (readonly [name: string, value: unknown, expected: Expectation])[],
): void {
  for (const [name, value, { what, holds, cure }] of args) {
    if (holds(value)) continue;
    const hint = value instanceof Promise ? 'await it' : cure?.(value);
    const cured = hint === undefined ? '' : `: ${hint}`;
    throw new TypeError(`${call}: ${name} must be ${what}, not ${describe(value)}${cured}`);
  }
}

/** A value in a few words. */
function describe(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return `the text ${JSON.stringify(shortened(value))}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'function') return 'a function';
  if (Array.isArray(value)) return 'a list';
  if (typeof value !== 'object') return `a ${typeof value}`;
  const { name = 'Object' } = Object.getPrototypeOf(value)?.constructor ?? {};
  if (name !== 'Object') return `a ${name}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? 'an empty object' : `an object with ${shortened(keys.join(', '))}`;
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

export const optional = (expected: Expectation): Expectation => ({
  ...expected,
  holds: (value) => value === undefined || expected.holds(value),
});

export const TEXT: Expectation = { what: 'a text', holds: (value) => typeof value === 'string' };
export const FUNCTION: Expectation = { what: 'a function', holds: (value) => typeof value === 'function' };
export const BOOLEAN: Expectation = { what: 'true or false', holds: (value) => typeof value === 'boolean' };

export const wholeFrom = (least: number): Expectation => ({
  what: `a whole number from ${least}`,
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least,
});

export const POSITIVE: Expectation = {
  what: 'a number above 0',
  holds: (value) => typeof value === 'number' && Number.isFinite(value) && value > 0,
};

export const listOf = (expected: Expectation, what: string): Expectation => ({
  what,
  holds: (value) => Array.isArray(value) && value.every(expected.holds),
});

export const oneOf = (names: readonly string[]): Expectation => ({
  what: `one of ${names.map((name) => `"${name}"`).join(', ')}`,
  holds: (value) => typeof value === 'string' && names.includes(value),
  cure: (value) => {
    if (typeof value !== 'string' || value === '') return undefined;
    const close = suggestions(value, names)[0] ?? names.find((name) => name.includes(value));
    return close === undefined ? undefined : `did you mean "${close}"?`;
  },
});

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object that has these fields, each what it has to be. */
export function hasFields(value: unknown, fields: Readonly<Record<string, Expectation>>): boolean {
  return isRecord(value) && Object.entries(fields).every(([name, expected]) => expected.holds(value[name]));
}

/** Throws for an option that there is not, or that is not what it has to be. All options may be left out. */
export function demandOptions(
  call: string,
  given: unknown,
  known: Readonly<Record<string, Expectation>>,
): void {
  demand(call, [['options', given, optional({ what: 'an object', holds: isRecord })]]);
  if (!isRecord(given)) return;
  for (const [name, value] of Object.entries(given)) {
    const expected = known[name];
    if (expected === undefined) {
      const names = Object.keys(known);
      throw new TypeError(`${call}: there is no option "${name}"; it takes ${names.join(', ')}`);
    }
    demand(call, [[`the option ${name}`, value, optional(expected)]]);
  }
}
