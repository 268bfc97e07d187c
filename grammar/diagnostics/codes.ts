import { AXIS_CODES } from './codes/axes.js';
import { CHARACTER_CODES } from './codes/characters.js';
import { IMPORT_CODES } from './codes/imports.js';
import { NAME_CODES } from './codes/names.js';
import type { CodeRow } from './codes/row.js';
import { SYNTAX_CODES } from './codes/syntax.js';
import { TEST_CODES } from './codes/tests.js';

/** Mistakes in how a text is written. */
const GRAMMAR_CODES = { ...CHARACTER_CODES, ...SYNTAX_CODES };

/**
 * The catalogue of diagnostics: a row for each message, by the name of the function that makes it. Messages take their codes
 * and severities from here; `explanations.ts` says what each of them stands for.
 */
export const CODES = { ...GRAMMAR_CODES, ...NAME_CODES, ...AXIS_CODES, ...TEST_CODES, ...IMPORT_CODES };

/** The name of a message. */
export type MessageName = keyof typeof CODES;
/** `L0xx` lexing, `L1xx` parsing, `L2xx` names and arity, `L3xx` axes and domains, `L4xx` tests and sketches, `L5xx` imports and files. */
export type Code = (typeof CODES)[MessageName]['code'];

/** The row of a message. */
export function codeRow(name: MessageName): CodeRow & { readonly code: Code } {
  return CODES[name];
}

/** Is a diagnostic one of these messages? */
export function isMessage(diagnostic: { readonly code: string }, ...names: readonly MessageName[]): boolean {
  return names.some((name) => CODES[name].code === diagnostic.code);
}

const OF_GRAMMAR: ReadonlySet<string> = new Set(Object.values(GRAMMAR_CODES).map(({ code }) => code));

/** Is a diagnostic about how the text is written, and not about what it means? */
export function isOfGrammar({ code }: { readonly code: string }): boolean {
  return OF_GRAMMAR.has(code);
}

/** The message that a code belongs to: `L205` or `l205`. */
export function messageOfCode(code: string): MessageName | undefined {
  const names = Object.keys(CODES) as MessageName[];
  return names.find((name) => CODES[name].code === code.toUpperCase());
}
