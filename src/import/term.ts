/** Formulas as they are read from another language, before names, shapes and functions have their meaning. */
import type { BinaryOp, Span } from '../../grammar/tree/ast.js';
import { refuse } from './refused.js';
import type { Shape } from './value.js';

export const LANGUAGES = ['python', 'mathjs', 'latex'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Those of `.loss` files, whole division and remainder, and those of mathjs that work element by element. */
export type TermOp = BinaryOp | '//' | '%' | '.*' | './' | '.^';

interface Base {
  readonly span: Span;
}
interface NumberTerm extends Base {
  readonly kind: 'number';
  readonly value: number;
}
/** Stands in front of a name that belongs to an object, as in `self.gamma`, which is another than `gamma`. */
export const OWN = 'self.';
export const withoutOwner = (name: string): string => (name.startsWith(OWN) ? name.slice(OWN.length) : name);

/** A name; of LaTeX with the letters of its index, as in `y_{ic}`. */
export interface NameTerm extends Base {
  readonly kind: 'name';
  readonly name: string;
  readonly indices?: readonly string[];
}
/** A constant that is no number: a string, `None`, `True`. */
interface WordTerm extends Base {
  readonly kind: 'word';
  readonly word: string;
}
interface ListTerm extends Base {
  readonly kind: 'list';
  readonly items: readonly Term[];
}
interface UnaryTerm extends Base {
  readonly kind: 'unary';
  readonly op: '-' | 'not';
  readonly of: Term;
}
export interface BinaryTerm extends Base {
  readonly kind: 'binary';
  readonly op: TermOp;
  readonly left: Term;
  readonly right: Term;
}
interface ChooseTerm extends Base {
  readonly kind: 'choose';
  readonly condition: Term;
  readonly holds: Term;
  readonly otherwise: Term;
}
export interface CallTerm extends Base {
  readonly kind: 'call';
  readonly callee: string;
  /** What stood in front of the point: `torch`, `np`; nothing for a bare name. */
  readonly library: string;
  /** `x.log()`: the receiver is the first argument. */
  readonly isMethod: boolean;
  readonly args: readonly Term[];
  readonly named: readonly { readonly name: string; readonly value: Term; readonly span: Span }[];
}
/** `x.shape`, `m.values`. */
interface FieldTerm extends Base {
  readonly kind: 'field';
  readonly of: Term;
  readonly field: string;
}
/** `x[0]`; a slice is the word `:`. */
interface ItemTerm extends Base {
  readonly kind: 'item';
  readonly of: Term;
  readonly at: readonly Term[];
}
/** A sum, product, maximum or minimum over an index, as LaTeX writes it. */
export interface OverTerm extends Base {
  readonly kind: 'over';
  readonly reduction: 'sum' | 'prod' | 'max' | 'min' | 'mean';
  readonly index: string;
  /** The name of how many there are. */
  readonly limit?: string;
  readonly of: Term;
}

export type Term =
  | NumberTerm
  | NameTerm
  | WordTerm
  | ListTerm
  | UnaryTerm
  | BinaryTerm
  | ChooseTerm
  | CallTerm
  | FieldTerm
  | ItemTerm
  | OverTerm;

/** A name with a value, as `d = x - y` gives it. */
export interface Step {
  readonly name: string;
  readonly span: Span;
  readonly value: Term;
}
export interface FormalParameter {
  readonly name: string;
  readonly span: Span;
  readonly default?: Term;
}
export interface Formula {
  /** Of a function that was defined. */
  readonly name?: string;
  /** Of a function that was defined, in order. */
  readonly parameters: readonly FormalParameter[];
  /** What belongs to an object, as `self.gamma`: chosen, and not given by the data. */
  readonly own?: readonly FormalParameter[];
  readonly steps: readonly Step[];
  readonly result: Term;
  /** Of LaTeX, where axes have letters. */
  readonly axes?: IndexedAxes;
}
/** What the indices of a formula are. */
export interface IndexedAxes {
  readonly shape: Shape;
  /** The axis that a letter counts; undefined where nothing is summed over it, so that it counts the items. */
  readonly axisOf: (letter: string) => string | undefined;
  readonly shapeOf: (name: string) => Shape;
  /** Names of how many entries there are, with their axes. */
  readonly lengths: ReadonlyMap<string, string>;
  readonly questions: readonly string[];
}

export function partsOf(term: Term): readonly Term[] {
  switch (term.kind) {
    case 'number':
    case 'name':
    case 'word':
      return [];
    case 'list':
      return term.items;
    case 'unary':
    case 'field':
    case 'over':
      return [term.of];
    case 'binary':
      return [term.left, term.right];
    case 'choose':
      return [term.condition, term.holds, term.otherwise];
    case 'call':
      return [...term.args, ...term.named.map(({ value }) => value)];
    case 'item':
      return [term.of, ...term.at];
  }
}

/** Calls `see` on every term, parents first and in the order of the text. */
export function visitTerms(root: Term, see: (term: Term) => void): void {
  const open = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    see(next);
    open.push(...partsOf(next).toReversed());
  }
}

export const termsOf = ({ parameters, steps, result }: Formula): readonly Term[] => [
  ...parameters.flatMap((one) => one.default ?? []),
  ...steps.map(({ value }) => value),
  result,
];

/** Terms in each other, at most: what reads them recurses. A sum is as deep as it has terms. */
const DEEPEST = 400;

/** Refuses what is nested too deep for what comes behind. */
export function demandShallow(formula: Formula): void {
  for (const root of termsOf(formula)) {
    const open: (readonly [Term, number])[] = [[root, 1]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [term, depth] = next;
      if (depth > DEEPEST)
        refuse(root.span, `the formula is more than ${DEEPEST} terms deep`, 'name parts of it');
      for (const part of partsOf(term)) open.push([part, depth + 1]);
    }
  }
}
