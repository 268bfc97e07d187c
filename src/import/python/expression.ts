/** Expressions of Python, by precedence. */
import type { Span } from '../../../grammar/tree/ast.js';
import { cover } from '../../../grammar/tree/span.js';
import { refuse } from '../refused.js';
import { type CallTerm, OWN, type Term, type TermOp } from '../term.js';
import { LIBRARIES, OTHER_LIBRARIES } from './libraries.js';
import type { Token } from './tokens.js';

/** Loosest first; comparisons, signs and powers have rules of their own. */
const BINARY: Readonly<Record<string, { readonly level: number; readonly op: TermOp }>> = {
  or: { level: 1, op: 'or' },
  and: { level: 2, op: 'and' },
  '|': { level: 5, op: 'or' },
  '&': { level: 7, op: 'and' },
  '+': { level: 9, op: '+' },
  '-': { level: 9, op: '-' },
  '*': { level: 10, op: '*' },
  '/': { level: 10, op: '/' },
  '//': { level: 10, op: '//' },
  '%': { level: 10, op: '%' },
};
const NOT = 3;
const COMPARISON = 4;
const COMPARISONS = new Set(['<', '<=', '>', '>=', '==', '!=']);

/** Operators that are read as such and mean something else than one may think. */
const REFUSED: Readonly<Record<string, readonly [message: string, hint: string]>> = {
  '^': ['`^` is not a power in Python: it is the exclusive or of integers', 'write **'],
  '@': ['`@` is a product of matrices', 'write it as a sum: (a * b).sum(-1)'],
  '<<': ['`<<` shifts the bits of integers', 'write * 2**n'],
  '>>': ['`>>` shifts the bits of integers', 'write // 2**n'],
  ':=': ['`:=` within an expression is not supported', 'give the value its own line'],
};

const DEEPEST = 100;

/** Reads tokens from left to right. */
export class ExpressionReader {
  /** Names of what belongs to an object: `self.gamma`. */
  readonly own = new Map<string, Span>();
  private at = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly text: string,
  ) {}

  get next(): Token {
    return this.tokens[this.at]!;
  }

  isNext(text: string): boolean {
    const { next } = this;
    return next.text === text && (next.kind === 'operator' || next.kind === 'name');
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  takeIf(text: string): Token | undefined {
    return this.isNext(text) ? this.take() : undefined;
  }

  demand(text: string): Token {
    return this.takeIf(text) ?? this.unexpected(`\`${text}\` is missing here`);
  }

  name(): Token {
    return this.next.kind === 'name' ? this.take() : this.unexpected('a name is missing here');
  }

  skipLine(): void {
    while (this.next.kind !== 'newline' && this.next.kind !== 'end') this.take();
  }

  unexpected(message: string): never {
    const { kind, span } = this.next;
    const isEnd = kind === 'end' || (kind === 'newline' && span.start === this.text.length);
    refuse(span, isEnd ? `${message}: the text ends here` : message);
  }

  /** A whole expression; with a comma outside of brackets a list of them. */
  expression(): Term {
    const first = this.conditional();
    if (!this.isNext(',')) return first;
    const items = [first];
    while (this.takeIf(',') !== undefined && !this.isEnd()) items.push(this.conditional());
    return { kind: 'list', items, span: cover(first.span, items.at(-1)!.span) };
  }

  private isEnd(): boolean {
    return (
      this.next.kind === 'newline' ||
      this.next.kind === 'end' ||
      [')', ']', ':', '='].some((end) => this.isNext(end))
    );
  }

  conditional(): Term {
    this.depth += 1;
    if (this.depth > DEEPEST)
      refuse(this.next.span, `brackets and signs are nested more than ${DEEPEST} deep`, 'name parts of it');
    if (this.isNext('lambda'))
      refuse(this.next.span, 'a lambda within an expression is not supported', 'write only its value');
    const then = this.binary(1);
    let result = then;
    if (this.takeIf('if') !== undefined) {
      const condition = this.binary(1);
      this.demand('else');
      const otherwise = this.conditional();
      result = { kind: 'choose', condition, holds: then, otherwise, span: cover(then.span, otherwise.span) };
    }
    this.depth -= 1;
    return result;
  }

  private binary(level: number): Term {
    let left = level <= NOT && this.isNext('not') ? this.negation() : this.unary();
    for (;;) {
      const { text } = this.next;
      const bad = this.next.kind === 'operator' ? REFUSED[text] : undefined;
      if (bad !== undefined) refuse(this.next.span, bad[0], bad[1]);
      if (level <= COMPARISON && this.isComparison()) {
        left = this.comparisons(left);
        continue;
      }
      const row = this.next.kind === 'string' || !Object.hasOwn(BINARY, text) ? undefined : BINARY[text]!;
      if (row === undefined || row.level < level) return left;
      this.take();
      const right = this.binary(row.level + 1);
      left = { kind: 'binary', op: row.op, left, right, span: cover(left.span, right.span) };
    }
  }

  private negation(): Term {
    const { span } = this.take();
    const of = this.nested(() => this.binary(NOT));
    return { kind: 'unary', op: 'not', of, span: cover(span, of.span) };
  }

  private isComparison(): boolean {
    if (this.isNext('is') || this.isNext('in'))
      refuse(this.next.span, `\`${this.next.text}\` is not supported`, 'compare with == or !=');
    return this.next.kind === 'operator' && COMPARISONS.has(this.next.text);
  }

  /** `a < b < c` is `a < b and b < c`. */
  private comparisons(first: Term): Term {
    let left = first;
    let all: Term | undefined;
    while (this.isComparison()) {
      const op = this.take().text as TermOp;
      const right = this.binary(COMPARISON + 1);
      const one: Term = { kind: 'binary', op, left, right, span: cover(left.span, right.span) };
      all =
        all === undefined
          ? one
          : { kind: 'binary', op: 'and', left: all, right: one, span: cover(all.span, one.span) };
      left = right;
    }
    return all!;
  }

  private nested(read: () => Term): Term {
    this.depth += 1;
    if (this.depth > DEEPEST)
      refuse(this.next.span, `brackets and signs are nested more than ${DEEPEST} deep`, 'name parts of it');
    const term = read();
    this.depth -= 1;
    return term;
  }

  private unary(): Term {
    const sign = this.takeIf('-') ?? this.takeIf('+') ?? this.takeIf('~');
    if (sign === undefined) return this.power();
    const of = this.nested(() => this.unary());
    if (sign.text === '+') return of;
    return { kind: 'unary', op: sign.text === '-' ? '-' : 'not', of, span: cover(sign.span, of.span) };
  }

  /** `**` binds tighter than a sign before it, takes one behind it, and groups from the right. */
  private power(): Term {
    const left = this.postfix(this.primary());
    if (this.takeIf('**') === undefined) return left;
    const right = this.nested(() => this.unary());
    return { kind: 'binary', op: '^', left, right, span: cover(left.span, right.span) };
  }

  private primary(): Term {
    const token = this.take();
    const { kind, text, span } = token;
    switch (kind) {
      case 'number': {
        const value = Number(text.replaceAll('_', ''));
        if (!Number.isFinite(value)) refuse(span, `${text} is too large for a number`);
        return { kind: 'number', value, span };
      }
      case 'string':
        return { kind: 'word', word: text.replaceAll(/^\w*["']+|["']+$/g, ''), span };
      case 'name':
        if (['None', 'True', 'False'].includes(text)) return { kind: 'word', word: text, span };
        if (KEYWORDS.has(text)) refuse(span, `\`${text}\` is not expected here`);
        return { kind: 'name', name: text, span };
      case 'operator':
        if (text === '(' || text === '[') return this.bracketed(token);
        if (text === '...') return { kind: 'word', word: text, span };
    }
    this.at -= 1;
    if (text === '{') refuse(span, 'sets and dictionaries are not supported');
    return this.unexpected(
      kind === 'operator' ? `an expression is missing before \`${text}\`` : 'an expression is missing here',
    );
  }

  private bracketed({ text, span }: Token): Term {
    const close = text === '(' ? ')' : ']';
    const items: Term[] = [];
    let isList = text === '[';
    while (!this.isNext(close)) {
      items.push(this.conditional());
      if (this.isNext('for'))
        refuse(this.next.span, 'loops are not supported', 'write a sum over an axis: (…).sum(-1)');
      if (this.takeIf(',') === undefined) break;
      isList = true;
    }
    const { end } = this.demand(close).span;
    const whole: Span = { start: span.start, end };
    if (isList || items.length === 0) return { kind: 'list', items, span: whole };
    return { ...items[0]!, span: whole };
  }

  private postfix(first: Term): Term {
    let term = first;
    for (;;) {
      if (this.takeIf('.') !== undefined) {
        const field = this.name();
        term = { kind: 'field', of: term, field: field.text, span: cover(term.span, field.span) };
      } else if (this.isNext('(')) term = this.call(term);
      else if (this.isNext('[')) term = this.item(term);
      else return this.settled(term);
    }
  }

  /** A name of a library that is no call: `np.pi`. */
  private settled(term: Term): Term {
    if (term.kind === 'name' && /^(?:torch|np|numpy|math|sympy|tf|jax)$/.test(term.name))
      refuse(term.span, `\`${term.name}\` is a module, not a value`);
    const path = pathOf(term);
    if (path === undefined || path.length < 2) return term;
    const library = libraryOf(path, term.span);
    if (library === undefined) return term;
    const name = path.at(-1)!;
    if (library === 'self') {
      const own = `${OWN}${name}`;
      this.own.set(own, term.span);
      return { kind: 'name', name: own, span: term.span };
    }
    return { kind: 'call', callee: name, library, isMethod: false, args: [], named: [], span: term.span };
  }

  private call(callee: Term): Term {
    const { args, named, end } = this.arguments();
    const span = { start: callee.span.start, end };
    // nn.MSELoss(reduction='sum')(x, y)
    if (callee.kind === 'call' && /^[A-Z]\w*Loss$/.test(callee.callee) && !callee.isMethod)
      return {
        ...callee,
        args,
        named: [...callee.named, ...named],
        span,
        ...(callee.args.length > 0 && { callee: this.withoutPlace(callee) }),
      };
    if (callee.kind === 'name')
      return { kind: 'call', callee: callee.name, library: '', isMethod: false, args, named, span };
    const path = pathOf(callee);
    const library = path === undefined ? undefined : libraryOf(path, callee.span);
    if (library !== undefined && callee.kind === 'field')
      return { kind: 'call', callee: callee.field, library, isMethod: false, args, named, span };
    if (callee.kind === 'field')
      return {
        kind: 'call',
        callee: callee.field,
        library: '',
        isMethod: true,
        args: [callee.of, ...args],
        named,
        span,
      };
    refuse(callee.span, 'only functions and methods with a name can be called');
  }

  private withoutPlace({ callee, args }: CallTerm): never {
    refuse(args[0]!.span, `the options of ${callee} have no names here`, 'write them as name=value');
  }

  private arguments(): {
    readonly args: Term[];
    readonly named: CallTerm['named'][number][];
    readonly end: number;
  } {
    this.demand('(');
    const args: Term[] = [];
    const named: CallTerm['named'][number][] = [];
    while (!this.isNext(')')) {
      const star = this.takeIf('*') ?? this.takeIf('**');
      if (star !== undefined)
        refuse(star.span, 'arguments that are unpacked are not supported', 'write them one by one');
      const isNamed = this.next.kind === 'name' && this.tokens[this.at + 1]?.text === '=';
      if (isNamed) {
        const name = this.take();
        this.demand('=');
        named.push({ name: name.text, value: this.conditional(), span: name.span });
      } else args.push(this.conditional());
      if (this.isNext('for'))
        refuse(this.next.span, 'loops are not supported', 'write a sum over an axis: (…).sum(-1)');
      if (this.takeIf(',') === undefined) break;
    }
    return { args, named, end: this.demand(')').span.end };
  }

  private item(of: Term): Term {
    this.demand('[');
    const at: Term[] = [];
    while (!this.isNext(']')) {
      const colon = this.takeIf(':');
      if (colon !== undefined) at.push({ kind: 'word', word: ':', span: colon.span });
      else at.push(this.conditional());
      if (this.isNext(':'))
        refuse(this.next.span, 'slices are not supported', 'declare the part as a separate input');
      if (this.takeIf(',') === undefined) break;
    }
    const { end } = this.demand(']').span;
    return { kind: 'item', of, at, span: { start: of.span.start, end } };
  }
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'if else for while in is and or not lambda def return class import from with try except raise yield assert pass del global'.split(
    ' ',
  ),
);

/** `torch.nn.functional` as its names. */
function pathOf(term: Term): readonly string[] | undefined {
  if (term.kind === 'name') return [term.name];
  if (term.kind !== 'field') return undefined;
  const path = pathOf(term.of);
  return path === undefined ? undefined : [...path, term.field];
}

/** The library that the last name of a path is of. */
function libraryOf(path: readonly string[], span: Span): string | undefined {
  const [first] = path;
  if (first === 'self') return path.length === 2 ? 'self' : undefined;
  if (OTHER_LIBRARIES.has(first!))
    refuse(span, `functions of ${first} are not supported`, 'those of PyTorch, NumPy and SymPy are');
  return LIBRARIES.get(first!);
}
