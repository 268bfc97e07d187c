import { type Advice, plainWord, tableOf } from './advice.js';
import { AXES } from './axes.js';
import { ELEMENTWISE } from './elementwise.js';
import { LOSSES } from './losses.js';
import { DOMAIN_WORDS, VALUES } from './names.js';

/** All words that are called, then all that stand for a value, then all that stand for a domain. */
export const WORDS = {
  functions: [...ELEMENTWISE, ...AXES, ...LOSSES],
  values: VALUES,
  domains: DOMAIN_WORDS,
} as const;

const TABLES = {
  functions: tableOf(WORDS.functions),
  values: tableOf(WORDS.values),
  domains: tableOf(WORDS.domains),
} as const;

/** What to say to a word of another language, if it is one that is known. */
export function adviceFor(kind: keyof typeof WORDS, word: string): Advice | undefined {
  return TABLES[kind].get(plainWord(word));
}

/** How a loss or function of the standard library is called; undefined if there is none of that name. */
export type StandardUsage = (name: string, file: string) => string | undefined;

/** `import { focal } from "std/focal"`, and how it is called. */
export function importHint(name: string, file: string, usageOf: StandardUsage): string {
  const usage = usageOf(name, file);
  return `\`import { ${name} } from "std/${file}"\`${usage === undefined ? '' : `, and write ${usage}`}`;
}

/** The hint that an advice makes. */
export function hintOf(advice: Advice, usageOf: StandardUsage): string {
  if (advice.kind === 'say') return advice.text;
  if (advice.kind === 'standard') return importHint(advice.name, advice.file, usageOf);
  return `write ${advice.text}${advice.note === undefined ? '' : ` (${advice.note})`}`;
}
