/** Guards that can decide, in sentences. */
import { printExpr } from '../../grammar/print/expression.js';
import type { Expr } from '../../grammar/tree/ast.js';
import { figure, listed } from '../words/sentence.js';
import { BOUNDS, type Guard, sayBound } from './bounds.js';
import type { GuardNote, GuardNotes } from './notes.js';

/** Guards that are told one by one, and characters of an argument that is written twice in a sentence. */
const MOST = 12;
const LONGEST_TWICE = 40;

/** Where a guard stands, in words. */
const PLACES: { readonly [K in Guard['op']]: (called: string | undefined) => string } = {
  function: (called) => `in ${called}`,
  divide: () => 'as a divisor',
  root: () => 'under a root',
  power: () => 'as the base of a power',
  quotient: () => 'as a quotient',
};

/** How words and expressions are written beside each other. */
export interface Script {
  readonly words: (text: string) => string;
  readonly expression: (expr: Expr) => string;
}

const PLAIN: Script = { words: (text) => text, expression: printExpr };

/**
 * One sentence for each guard that can decide value or gradient, such as `In log and as a divisor, p + q is taken as at least 1e-36;
 * this decides the value and the gradient where p + q < 1e-36.` None where no guard can.
 */
export function guardSentences(notes: GuardNotes, { words, expression }: Script = PLAIN): readonly string[] {
  const counts = new Map<string, number>();
  for (const note of notes.all) {
    const text = sentence(note, notes.gradients, { words, expression });
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const all = [...counts].map(([text, n]) =>
    n === 1 ? text : `${text}${words(` This occurs ${n} times.`)}`,
  );
  const told = all.slice(0, all.length > MOST ? MOST - 1 : MOST);
  const rest = all.length - told.length + notes.unknown;
  return rest === 0 ? told : [...told, words(`Further guards that may decide: ${rest}.`)];
}

function sentence(note: GuardNote, gradients: readonly string[], { words, expression }: Script): string {
  const { argument, where, guard } = note;
  const places = listed([...new Set(note.guarded.map(({ op, called }) => PLACES[op](called)))]);
  const results = [
    ...(note.value ? ['the value'] : []),
    ...(note.gradients.length === 0 ? [] : [derivatives(note.gradients, gradients)]),
  ];
  const isShort = argument !== undefined && printExpr(argument).length <= LONGEST_TWICE;
  return [
    words(`${places[0]!.toUpperCase()}${places.slice(1)}, `),
    argument === undefined ? words(expressionOf(note.names)) : expression(argument),
    words(` is taken as ${sayBound(guard, figure)}; this decides ${listed(results)} `),
    ...(where !== undefined && isShort
      ? [words('where '), expression(where), words('.')]
      : [words(`${BOUNDS[guard.bound].there}.`)]),
  ].join('');
}

const expressionOf = (names: readonly string[]): string =>
  names.length === 0 ? 'an expression' : `an expression of ${listed(names)}`;

function derivatives(decided: readonly string[], all: readonly string[]): string {
  if (decided.length === all.length) return 'the gradient';
  return `the derivative${decided.length === 1 ? '' : 's'} with respect to ${listed(decided)}`;
}
