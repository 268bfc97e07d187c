/** A formula written for Python: an expression, lines that name its parts, or a function. */
import { refuse } from '../refused.js';
import type { FormalParameter, Formula, Step, Term, TermOp } from '../term.js';
import { ExpressionReader } from './expression.js';
import { type Token, tokenise } from './tokens.js';

const AUGMENTED: Readonly<Record<string, TermOp>> = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '//=': '//',
  '**=': '^',
};
const STATEMENTS = new Set(
  'if for while with try except raise assert class del global async match print'.split(' '),
);

export function readPython(text: string): Formula {
  return new ProgramReader(tokenise(text), text).read();
}

class ProgramReader {
  private readonly words: ExpressionReader;
  private readonly steps: Step[] = [];
  private parameters: readonly FormalParameter[] = [];
  private name: string | undefined;
  private result: Term | undefined;
  private className: string | undefined;
  /** Defaults of what an object has for itself. */
  private readonly presets = new Map<string, Pick<FormalParameter, 'default'>>();

  constructor(tokens: readonly Token[], text: string) {
    this.words = new ExpressionReader(tokens, text);
  }

  read(): Formula {
    const { words } = this;
    while (words.next.kind !== 'end') {
      if (words.next.kind === 'newline' || words.isNext(';')) words.take();
      else this.statement();
    }
    const last = this.steps.at(-1);
    // What ends with `loss = …` has that for its value.
    const result = this.result ?? this.steps.pop()?.value;
    if (result === undefined) return words.unexpected('there is no formula');
    const own = [...words.own].map(
      ([name, span]): FormalParameter => ({ name, span, ...this.presets.get(name) }),
    );
    return {
      own,
      ...(this.name !== undefined
        ? { name: this.name }
        : this.result === undefined && last !== undefined && { name: last.name }),
      parameters: this.parameters,
      steps: this.steps,
      result,
    };
  }

  private statement(): void {
    const { words } = this;
    const { next } = words;
    if (this.result !== undefined)
      refuse(next.span, 'there is more than one formula', 'give the one that is the loss');
    if (['import', 'from', '@'].some((word) => words.isNext(word))) {
      words.skipLine();
      return;
    }
    if (words.isNext('class') && this.name === undefined && this.className === undefined) {
      words.take();
      this.className = words.name().text;
      words.skipLine();
      return;
    }
    if (words.isNext('def')) {
      this.definition();
      return;
    }
    if (words.takeIf('return') !== undefined) {
      this.result = words.expression();
      this.endOfLine();
      return;
    }
    if (next.kind === 'name' && STATEMENTS.has(next.text))
      refuse(
        next.span,
        `\`${next.text}\` is not supported: a loss is one formula`,
        'write torch.where(condition, a, b) for a choice, and sums over axes for loops',
      );
    if (words.isNext('lambda')) {
      this.lambda();
      return;
    }
    const term = words.expression();
    if (words.takeIf(':') !== undefined) words.expression();
    const augmented = Object.keys(AUGMENTED).find((op) => words.isNext(op));
    if (words.takeIf('=') !== undefined) this.assignment(term);
    else if (augmented !== undefined) {
      words.take();
      const name = nameOf(term);
      const right = words.expression();
      const value: Term = { kind: 'binary', op: AUGMENTED[augmented]!, left: term, right, span: right.span };
      this.steps.push({ name, span: term.span, value });
    } else if (term.kind !== 'word') this.result = term;
    // A string alone is a comment.
    this.endOfLine();
  }

  private assignment(target: Term): void {
    const { words } = this;
    const name = nameOf(target);
    if (words.isNext('lambda')) {
      this.name = name;
      this.lambda();
      return;
    }
    const value = words.expression();
    if (words.isNext('='))
      refuse(words.next.span, 'assign one value to one name', 'write a line for each name');
    this.steps.push({ name, span: target.span, value });
  }

  private definition(): void {
    const { words } = this;
    const { span } = words.take();
    if (this.name !== undefined || this.steps.length > 0)
      refuse(
        span,
        'a function that follows other lines is not supported',
        'give the one function that is the loss',
      );
    const name = words.name().text;
    words.demand('(');
    const formals = this.formals(')');
    words.demand(')');
    if (words.takeIf('->') !== undefined) words.conditional();
    words.demand(':');
    if (name === '__init__') {
      this.construction(formals);
      return;
    }
    this.name = this.className ?? name;
    this.parameters = formals;
  }

  /** Of `__init__` what it keeps of its arguments: `self.gamma = gamma`. */
  private construction(formals: readonly FormalParameter[]): void {
    const { words } = this;
    while (!words.isNext('def') && words.next.kind !== 'end') {
      if (words.isNext('self')) {
        const target = words.expression();
        const value = words.takeIf('=') === undefined ? undefined : words.expression();
        if (target.kind !== 'name' || value === undefined) continue;
        const preset =
          value.kind === 'name' ? formals.find((one) => one.name === value.name)?.default : value;
        if (preset !== undefined) this.presets.set(target.name, { default: preset });
      }
      words.skipLine();
      if (words.next.kind === 'newline') words.take();
    }
    // What is not used in the formula is none of it.
    words.own.clear();
  }

  private lambda(): void {
    const { words } = this;
    words.take();
    this.parameters = this.formals(':');
    words.demand(':');
    this.result = words.expression();
  }

  private formals(end: string): FormalParameter[] {
    const { words } = this;
    const formals: FormalParameter[] = [];
    while (!words.isNext(end)) {
      const mark = words.takeIf('*') ?? words.takeIf('/') ?? words.takeIf('**');
      if (mark !== undefined && !words.isNext(',') && !words.isNext(end))
        refuse(
          mark.span,
          'parameters that take any number of arguments are not supported',
          'name each of them',
        );
      if (mark === undefined) {
        const { text: name, span } = words.name();
        if (end === ')' && words.takeIf(':') !== undefined) words.conditional();
        const preset = words.takeIf('=') === undefined ? undefined : words.conditional();
        if (name !== 'self') formals.push({ name, span, ...(preset !== undefined && { default: preset }) });
      }
      if (words.takeIf(',') === undefined) break;
    }
    return formals;
  }

  private endOfLine(): void {
    const { words } = this;
    if (words.next.kind === 'newline' || words.next.kind === 'end' || words.isNext(';')) return;
    words.unexpected(`\`${words.next.text}\` is not expected here`);
  }
}

function nameOf(term: Term): string {
  if (term.kind === 'name') return term.name;
  refuse(term.span, 'only a name can be assigned to', 'write a line for each name');
}
