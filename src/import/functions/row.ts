/** What a function of another language is here. */

import { invariant } from '../../../grammar/invariant.js';
import { parse } from '../../../grammar/read/parse.js';
import type { Expr, Span } from '../../../grammar/tree/ast.js';
import { rewrite } from '../../../grammar/tree/walk.js';
import type { Layout } from '../layout.js';
import { refuse } from '../refused.js';
import type { CallTerm, Language, Term } from '../term.js';
import { asNumber, numberValue, together, type Value } from '../value.js';

/** What a row needs to make a value of its arguments. */
export interface Hands {
  readonly language: Language;
  readonly layout: Layout;
  readonly value: (term: Term) => Value;
  /** Asks for something of the standard library. */
  readonly use: (name: string, from: string) => void;
  /** Something that whoever reads the loss has to decide. */
  readonly ask: (question: string) => void;
}

export interface FunctionRow {
  readonly languages: readonly Language[];
  /** Its arguments in order: `x|input` may be called either, `eps=1e-8` has a default, `weight?` may be left out. */
  readonly takes: string;
  readonly make: (given: Arguments, hands: Hands) => Value;
  /** The axes that it names by number, and those it means without being told. */
  readonly dims?: (given: Arguments) => readonly number[];
  /** Works on the scores or probabilities of classes. */
  readonly ofClasses?: true;
  /** It needs to know how many items there are. */
  readonly counts?: (given: Arguments) => boolean;
  /** All entries of an item become one axis. */
  readonly flattens?: (given: Arguments) => boolean;
  /** Its argument is a vector, where a formula is about one item. */
  readonly ofVectors?: (given: Arguments) => boolean;
  /** Arguments that have one number per item, where others have a vector. */
  readonly perItem?: readonly string[];
}

export type Functions = Readonly<Record<string, FunctionRow>>;

/** Options that say where and how numbers are kept, and nothing of their values. */
const IGNORED: ReadonlySet<string> = new Set([
  'dtype',
  'device',
  'inplace',
  'requires_grad',
  'evaluate',
  '_stacklevel',
]);

/** The arguments of a call by the names that its row gives them. */
export class Arguments {
  private readonly given = new Map<string, Term>();
  private readonly defaults = new Map<string, number>();

  constructor(
    readonly call: CallTerm,
    takes: string,
  ) {
    const formals = takes
      .split(' ')
      .filter((one) => one !== '')
      .map((one) => {
        const [, names, preset] = /^([^=?]+)\??(?:=(.*))?$/.exec(one)!;
        const all = names!.split('|');
        if (preset !== undefined) this.defaults.set(all[0]!, Number(preset));
        return { names: all, optional: one.includes('?') || preset !== undefined };
      });
    const { args, named, callee, span } = call;
    if (args.length > formals.length)
      refuse(
        args[formals.length]!.span,
        `${callee} takes at most ${formals.length} arguments here, and has ${args.length}`,
      );
    for (const [i, term] of args.entries()) this.given.set(formals[i]!.names[0]!, term);
    for (const { name, value, span: place } of named) {
      const formal = formals.find(({ names }) => names.includes(name));
      if (formal === undefined && IGNORED.has(name)) continue;
      if (formal === undefined)
        refuse(
          place,
          `the option ${name} of ${callee} is not supported`,
          known(formals.map(({ names }) => names[0]!)),
        );
      if (this.given.has(formal.names[0]!)) refuse(place, `${callee} is given ${name} twice`);
      this.given.set(formal.names[0]!, value);
    }
    const missing = formals.find(({ names, optional }) => !optional && !this.given.has(names[0]!));
    if (missing !== undefined) refuse(span, `${callee} needs ${missing.names[0]}`);
  }

  get span(): Span {
    return this.call.span;
  }

  /** Undefined where it is left out or `None`. */
  get(name: string): Term | undefined {
    const term = this.given.get(name);
    return term?.kind === 'word' && term.word === 'None' ? undefined : term;
  }

  term(name: string): Term {
    const term = this.get(name);
    return term ?? refuse(this.span, `${this.call.callee} needs ${name}`);
  }

  default(name: string): number | undefined {
    return this.defaults.get(name);
  }

  /** A number that has to be written out. */
  number(name: string): number {
    const term = this.get(name);
    if (term === undefined)
      return this.defaults.get(name) ?? refuse(this.span, `${this.call.callee} needs ${name}`);
    return literal(term) ?? refuse(term.span, `${name} has to be a literal number`);
  }

  flag(name: string): boolean {
    const term = this.get(name);
    if (term === undefined) return false;
    if (term.kind === 'word' && (term.word === 'True' || term.word === 'False')) return term.word === 'True';
    refuse(term.span, `${name} has to be True or False`);
  }

  word(name: string): string | undefined {
    const term = this.get(name);
    if (term === undefined) return undefined;
    return term.kind === 'word' ? term.word : refuse(term.span, `${name} has to be a word in quotes`);
  }

  /** Axes by number; undefined where none is named, which is all of them. */
  axes(name: string): readonly number[] | undefined {
    const term = this.get(name);
    if (term === undefined) return undefined;
    const terms = term.kind === 'list' ? term.items : [term];
    return terms.map((one) => {
      const value = literal(one);
      if (value === undefined || !Number.isInteger(value) || Math.abs(value) > 8)
        refuse(one.span, 'an axis has to be a literal integer');
      return value;
    });
  }
}

const known = (names: readonly string[]): string => `it may have ${names.join(', ')}`;

export function literal(term: Term): number | undefined {
  if (term.kind === 'number') return term.value;
  if (term.kind === 'unary' && term.op === '-' && term.of.kind === 'number') return -term.of.value;
  return undefined;
}

const bodies = new Map<string, Expr>();

/** An expression of the language, from its text. */
function bodyOf(text: string): Expr {
  const read = bodies.get(text);
  if (read !== undefined) return read;
  const { file, diagnostics } = parse({ name: 'table', text: `fn f() = ${text}` });
  const [decl] = file.declarations;
  invariant(diagnostics.length === 0 && decl?.kind === 'fn', `${text} is not an expression`);
  bodies.set(text, decl.body.result);
  return decl.body.result;
}

/** A formula of the language with values in place of names. */
export function filled(text: string, values: Readonly<Record<string, Value>>, span: Span): Value {
  const numbers = new Map(Object.entries(values).map(([name, value]) => [name, asNumber(value)] as const));
  const expr = rewrite(bodyOf(text), (node) =>
    node.kind === 'name' ? (numbers.get(node.name)?.expr ?? node) : node,
  );
  return numberValue(
    expr,
    together(
      [...numbers.values()].map(({ shape }) => shape),
      span,
    ),
  );
}

/** A function that works element by element, as a formula of the language in its arguments. */
export function formula(languages: readonly Language[], takes: string, is: string): FunctionRow {
  const names = takes.split(' ').map((one) => /^\w+/.exec(one)![0]);
  return {
    languages,
    takes,
    make: (given, { value }) =>
      filled(
        is,
        Object.fromEntries(
          names.map((name) => {
            const term = given.get(name);
            return [
              name,
              term === undefined ? filled(String(given.number(name)), {}, given.span) : value(term),
            ] as const;
          }),
        ),
        given.span,
      ),
  };
}
