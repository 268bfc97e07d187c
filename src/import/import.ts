/** A formula of another language as a `.loss` file. */
import { checkProgram } from '../../compiler/check/check.js';
import { findFunction } from '../../compiler/resolve/functions.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import type { Span } from '../../grammar/tree/ast.js';
import { importResolver } from '../stdlib.js';
import { evidenceOf } from './domains.js';
import { Arguments } from './functions/row.js';
import { readLatex } from './latex/latex.js';
import { type Clues, indexedLayout, itemLayout, type Layout, layoutOf } from './layout.js';
import { readMathjs } from './mathjs/mathjs.js';
import { Names } from './names.js';
import { readPython } from './python/python.js';
import { Refused, refuse } from './refused.js';
import { rolesOf } from './roles.js';
import { freeOf, signatureOf } from './signature.js';
import { demandShallow, type Formula, type Language, termsOf, visitTerms } from './term.js';
import { rowOf, translate } from './translate.js';
import { lossText } from './write.js';

export interface ImportOptions {
  /** Detected unless it is told. */
  readonly language?: Language | undefined;
  /** Of the loss; that of the formula, or `imported`, unless it is told. */
  readonly name?: string | undefined;
}
export interface Imported {
  readonly kind: 'imported';
  readonly text: string;
  readonly language: Language;
}
/** Why there is no loss, and the place in the formula. */
export interface Refusal {
  readonly kind: 'refused';
  readonly message: string;
  readonly span: Span;
  readonly hint: string | undefined;
}

/** Longer texts are no formulas. */
const MOST_CHARACTERS = 10_000;

const SHOWN: { readonly [K in Language]: string } = { python: 'Python', mathjs: 'mathjs', latex: 'LaTeX' };

/** Reads a formula and writes it as a loss, which has no mistakes. */
export async function importFormula(text: string, options: ImportOptions = {}): Promise<Imported | Refusal> {
  try {
    if (text.length > MOST_CHARACTERS)
      refuse(
        { start: 0, end: 0 },
        `the formula has ${text.length} characters, and at most ${MOST_CHARACTERS} are allowed`,
        'give the one formula that is the loss',
      );
    if (text.trim() === '')
      refuse({ start: 0, end: 0 }, 'there is no formula', 'give one, such as "(x - y)**2"');
    const language = options.language ?? detected(text);
    const formula = await read(text, language);
    demandShallow(formula);
    return { kind: 'imported', text: written(text, formula, language, options), language };
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    return { kind: 'refused', message: thrown.message, span: thrown.span, hint: thrown.hint };
  }
}

/** What a text is most likely written for. */
function detected(text: string): Language {
  if (/\\[A-Za-z]|[_^]\{/.test(text)) return 'latex';
  if (/\*\*|\b(?:def|return|lambda|torch|np|F|nn|sp|math)\b|[\w)]\.[A-Za-z]/.test(text)) return 'python';
  return /\.[*/^]|\^|\?/.test(text) ? 'mathjs' : 'python';
}

async function read(text: string, language: Language): Promise<Formula> {
  switch (language) {
    case 'python':
      return readPython(text);
    case 'mathjs':
      return readMathjs(text);
    case 'latex':
      return readLatex(text);
  }
}

/** Names that a formula does not define, in the order of its function, or of the text. */
function freeNames(formula: Formula): readonly string[] {
  const defined = new Set<string>();
  const free = new Set<string>();
  const see = (root: Parameters<typeof visitTerms>[0]): void =>
    visitTerms(root, (term) => {
      if (term.kind === 'name' && !defined.has(term.name)) free.add(term.name);
    });
  for (const { name, value } of formula.steps) {
    see(value);
    defined.add(name);
  }
  see(formula.result);
  if (!formula.parameters.some(({ name }) => name === 'pi')) free.delete('pi');
  for (const length of formula.axes?.lengths.keys() ?? []) free.delete(length);
  const formals = formula.parameters.map(({ name }) => name).filter((name) => free.has(name));
  return [...new Set([...formals, ...free])];
}

interface AllClues extends Clues {
  readonly perItem: ReadonlySet<string>;
  readonly hasVectors: boolean;
}

/** What the calls of a formula tell of axes. */
function cluesOf(formula: Formula, language: Language, names: readonly string[]): AllClues {
  const dims = new Set<number>();
  const perItem = new Set<string>();
  let [hasVectors, flattens] = [false, false];
  let [counts, hasClasses, classesFirst] = [
    false,
    names.some((name) => /^logits?$|class/i.test(name)),
    false,
  ];
  for (const root of termsOf(formula))
    visitTerms(root, (term) => {
      if (term.kind === 'item' && term.of.kind === 'field' && term.of.field === 'shape') {
        const [at] = term.at;
        if (at?.kind === 'number' && at.value === 0) counts = true;
        else if (at?.kind === 'number') dims.add(at.value);
        else dims.add(-1);
      }
      if (term.kind === 'item' && term.at.at(-1)?.kind === 'word' && term.of.kind === 'name')
        perItem.add(term.of.name);
      if (term.kind !== 'call') return;
      const row = rowOf(term, language);
      if (row === undefined) return;
      const given = new Arguments(term, row.takes);
      const own = row.dims?.(given) ?? [];
      for (const dim of own) dims.add(dim);
      if (row.counts?.(given) === true) counts = true;
      if (row.flattens?.(given) === true) flattens = true;
      if (row.ofVectors?.(given) === true) hasVectors = true;
      if (row.ofClasses === true) {
        hasClasses = true;
        if (own.includes(1)) classesFirst = true;
      }
      if (term.callee.startsWith('log') && !term.callee.startsWith('log1p')) hasClasses = true;
      for (const one of row.perItem ?? []) {
        const argument = given.get(one);
        if (argument?.kind === 'name') perItem.add(argument.name);
      }
    });
  return {
    dims,
    hidden: 0,
    flattens,
    counts,
    hasClasses,
    classesFirst,
    taken: new Set(names),
    perItem,
    hasVectors,
  };
}

/** Another reading is tried where the first does not fit; what is said is why that did not. */
function written(text: string, formula: Formula, language: Language, options: ImportOptions): string {
  const names = freeNames(formula);
  const clues = cluesOf(formula, language, [...names, ...formula.steps.map(({ name }) => name)]);
  const layout = layoutFor(formula, language, clues);
  const write = (reading: Reading): string | Refused => {
    try {
      return writtenAs(text, formula, { ...reading, language, options, names });
    } catch (thrown) {
      if (thrown instanceof Refused) return thrown;
      throw thrown;
    }
  };
  const first = write({ layout, perItem: clues.perItem });
  if (typeof first === 'string') return first;
  const others = language === 'python' ? otherReadings(formula, names, layout, clues) : [];
  for (const other of others) {
    const found = write(other);
    if (typeof found === 'string') return found;
  }
  throw first;
}

interface Reading {
  readonly layout: Layout;
  /** Names that have one number per item, where others have a vector. */
  readonly perItem: ReadonlySet<string>;
}

/** What is given may be one number per item where predictions are vectors; and there may be more axes than have numbers. */
function otherReadings(
  formula: Formula,
  names: readonly string[],
  layout: Layout,
  clues: AllClues,
): readonly Reading[] {
  if (layout.shape.length === 1) return [];
  const longer = [1, 2].map((hidden) => ({
    layout: layoutOf({ ...clues, hidden }),
    perItem: clues.perItem,
  }));
  const given = rolesOf(names, formula)
    .filter(({ role }) => role === 'target' || role === 'mask')
    .map(({ name }) => name);
  if (given.length === 0) return longer;
  const question = `${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} read as one number per item: right?`;
  const shorter = {
    layout: { ...layout, isGuess: true as const, questions: [...(layout.questions ?? []), question] },
    perItem: new Set([...clues.perItem, ...given]),
  };
  return [shorter, ...longer];
}

interface Readable extends Reading {
  readonly language: Language;
  readonly options: ImportOptions;
  readonly names: readonly string[];
}

function writtenAs(
  text: string,
  formula: Formula,
  { language, options, names, layout, perItem }: Readable,
): string {
  const own = new Names();
  for (const axis of layout.shape) own.take(axis);
  const free = freeOf(formula, names, layout, perItem, own);
  if (!free.some(({ role }) => role === 'prediction'))
    refuse(
      formula.result.span,
      'nothing in it could be the output of a network',
      'call what it predicts prediction or y_pred',
    );
  const values = new Map(free.map((one) => [one.given, one.value] as const));
  const { lets, result, imports, questions } = translate(formula, language, layout, values, own.fresh);
  const file = lossText({
    name: lossName(options.name ?? formula.name, imports),
    language: SHOWN[language],
    formula: text,
    notes:
      options.language === undefined
        ? [`It was read as ${SHOWN[language]}, which it looks like; --from sets another language.`]
        : [],
    questions: [...(layout.questions ?? []), ...questions],
    imports,
    ...signatureOf(free, layout, evidenceOf(lets, result.expr)),
    lets,
    result: result.expr,
  });
  demandLoss(file, formula);
  return file;
}

function layoutFor({ axes }: Formula, language: Language, clues: AllClues): Layout {
  if (axes !== undefined) return indexedLayout(axes);
  return language === 'mathjs' ? itemLayout(clues) : layoutOf(clues);
}

/** A name that a loss can have. */
function lossName(name: string | undefined, imports: ReadonlyMap<string, string>): string {
  const own = new Names().fresh(name ?? 'imported');
  return imports.has(own) || findFunction(own) !== undefined || own === 'loss_' || own === 'forward'
    ? `imported_${own}`.replace(/_(?:loss_|forward)$/, '')
    : own;
}

/** What was written is checked: a formula that is read and gives no loss is refused in the words of the checker. */
function demandLoss(text: string, { result }: Formula): void {
  const mistake = checkProgram(loadProgram({ name: 'imported', text }, importResolver('-'))).find(
    ({ severity }) => severity === 'error',
  );
  if (mistake !== undefined)
    refuse(result.span, `as a loss it would have an error: ${mistake.message}`, mistake.hint);
}
