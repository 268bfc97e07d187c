/** Expressions of LaTeX. Products need no sign, so what two readers would read in two ways is refused. */

import type { Span } from '../../../grammar/tree/ast.js';
import { cover } from '../../../grammar/tree/span.js';
import { refuse } from '../refused.js';
import type { CallTerm, Term } from '../term.js';
import { numberTerm } from './condition-reader.js';
import { CLOSING, FONTS, FUNCTIONS, LETTERS, MARKS, RELATIONS } from './names.js';
import { average, product } from './product.js';
import { SumReader } from './sum-reader.js';

const callOf = (callee: string, args: readonly Term[], span: Span): CallTerm => ({
  kind: 'call',
  callee,
  library: '',
  isMethod: false,
  args,
  named: [],
  span,
});

export class LatexReader extends SumReader {
  /** The whole formula. */
  formula(): Term {
    const term = this.sum();
    if (this.next.kind !== 'end') this.unexpected(`\`${this.next.text}\` is not expected here`);
    return term;
  }

  protected sum(): Term {
    return this.nested(() => {
      let left = this.term();
      for (let sign = this.takeIf('+', '-'); sign !== undefined; sign = this.takeIf('+', '-')) {
        const right = this.term();
        left = {
          kind: 'binary',
          op: sign.text as '+' | '-',
          left,
          right,
          span: cover(left.span, right.span),
        };
      }
      return left;
    });
  }

  /** A product, with its signs in front. */
  protected term(): Term {
    const sign = this.takeIf('-', '+');
    if (sign !== undefined) {
      const of = this.nested(() => this.term());
      return sign.text === '+' ? of : { kind: 'unary', op: '-', of, span: cover(sign.span, of.span) };
    }
    let left = this.factor();
    for (;;) {
      if (this.takeIf('\\cdot', '\\times', '*', '\\odot', '\\circ') !== undefined)
        left = product(left, this.signed());
      else if (this.takeIf('/', '\\div') !== undefined) left = this.quotient(left);
      else if (this.isFactor()) left = product(left, this.factor());
      else return left;
    }
  }

  /** Behind a sign of multiplication there may be one more. */
  private signed(): Term {
    const sign = this.takeIf('-');
    if (sign === undefined) return this.factor();
    const of = this.factor();
    return { kind: 'unary', op: '-', of, span: cover(sign.span, of.span) };
  }

  private quotient(left: Term): Term {
    const right = this.signed();
    const isPlain = left.kind === 'number' && right.kind === 'number';
    if (this.isFactor() && !isPlain && !this.isNext('\\sum'))
      refuse(this.next.span, 'it is not clear whether this belongs in the denominator', 'write \\frac{a}{b}');
    return { kind: 'binary', op: '/', left, right, span: cover(left.span, right.span) };
  }

  /** Does a factor begin here, so that there is a product without a sign? */
  private isFactor(): boolean {
    const { kind, text } = this.next;
    if (kind === 'letter' || kind === 'number') return true;
    if (this.open.at(-1) === text) return false;
    if (kind === 'symbol') return ['(', '[', '{', '|'].includes(text);
    if (kind === 'end') return false;
    return !ENDS.has(text) && !Object.hasOwn(RELATIONS, text) && !this.isCaseWord();
  }

  /** A factor with its powers. */
  protected factor(): Term {
    return this.nested(() => {
      const base = this.base();
      return this.powers(base);
    });
  }

  private powers(base: Term): Term {
    let term = base;
    for (let hat = this.takeIf('^'); hat !== undefined; hat = this.takeIf('^')) {
      if (this.isNext('\\top', '\\prime', '\\dagger') || this.isNext('T'))
        refuse(this.next.span, 'transposition is not supported', 'write the product as a sum');
      const exponent = this.argument();
      const span = cover(term.span, exponent.span);
      if (term.kind === 'name' && term.name === 'e' && term.indices === undefined) {
        if (exponent.kind === 'number')
          refuse(
            span,
            'it is not clear whether e is an error or the number 2.718',
            'write \\exp(…), or give the error another letter',
          );
        term = callOf('exp', [exponent], span);
      } else term = { kind: 'binary', op: '^', left: term, right: exponent, span };
    }
    return term;
  }

  /** What stands in braces, or the one thing that follows: of `\\frac12` a digit each. */
  protected argument(): Term {
    if (this.isNext('{')) return this.bracket();
    const { kind, text, span } = this.next;
    if (kind !== 'number' || text.length === 1) return this.base();
    refuse(span, `LaTeX takes only the first digit of ${text} here`, `write {${text}}`);
  }

  private digit(): Term {
    const { kind, text, span } = this.next;
    if (kind !== 'number' || !/^\d\d$/.test(text)) return this.argument();
    const middle = span.start + 1;
    this.tokens.splice(
      this.at,
      1,
      { kind, text: text[0]!, span: { start: span.start, end: middle } },
      { kind, text: text[1]!, span: { start: middle, end: span.end } },
    );
    return this.base();
  }

  private bracket(): Term {
    const open = this.take();
    const close = CLOSING[open.text]!;
    this.open.push(close);
    const term = this.sum();
    if (!this.isNext(close)) this.unexpected(`\`${close}\` is missing here`);
    this.open.pop();
    const { span } = this.take();
    return { ...term, span: cover(open.span, span) };
  }

  private base(): Term {
    const { kind, text, span } = this.next;
    if (kind === 'number') {
      this.take();
      return numberTerm(Number(text), span);
    }
    if (kind === 'letter') return this.name();
    if (kind === 'end') this.unexpected('an expression is missing here');
    switch (text) {
      case '(':
      case '[':
      case '\\{':
      case '{': {
        const term = this.bracket();
        if (this.isNext('_')) return this.positivePart(term);
        return term;
      }
      case '|':
      case '\\lvert':
        return this.between('abs');
      case '\\lfloor':
        return this.between('floor');
      case '\\lceil':
        return this.between('ceil');
      case '\\|':
      case '\\lVert':
        return this.length();
      case '\\frac':
      case '\\dfrac':
      case '\\tfrac': {
        this.take();
        const left = this.digit();
        const right = this.argument();
        return average({ kind: 'binary', op: '/', left, right, span: cover(span, right.span) });
      }
      case '\\sqrt':
        return this.root();
      case '\\sum':
      case '\\prod':
        return this.over(text === '\\sum' ? 'sum' : 'prod');
      case '\\begin':
        return this.cases();
      case '\\mathbb':
      case '\\mathbbm':
        return this.blackboard();
      case '\\infty':
        this.take();
        return callOf('inf', [], span);
      case '\\pi':
        this.take();
        return { kind: 'name', name: 'pi', span };
    }
    if (kind === 'command') return this.command();
    return this.unexpected(`an expression is missing before \`${text}\``);
  }

  private between(callee: string): Term {
    const { start } = this.next.span;
    const of = this.bracket();
    return callOf(callee, [of], { start, end: of.span.end });
  }

  /** `[x]_+` is the larger of x and 0. */
  private positivePart(term: Term): Term {
    this.take();
    const plus = this.takeIf('+') ?? (this.takeIf('{') === undefined ? undefined : this.demand('+'));
    if (plus === undefined)
      refuse(this.next.span, 'an index after brackets is not supported', 'write it at the names inside');
    if (this.isNext('}')) this.take();
    return callOf('max', [term, numberTerm(0, plus.span)], cover(term.span, plus.span));
  }

  /** The length of a vector, with its order below. */
  private length(): Term {
    const { start } = this.next.span;
    const of = this.bracket();
    let order = 2;
    if (this.takeIf('_') !== undefined) {
      const below = this.argument();
      if (below.kind === 'number') order = below.value;
      else if (below.kind !== 'name' || below.name !== 'F')
        refuse(below.span, 'this norm is not supported', 'orders 1 and 2 are supported');
    }
    const span = { start, end: of.span.end };
    return callOf('norm', [of, numberTerm(order, span)], span);
  }

  private root(): Term {
    const { span } = this.take();
    if (this.isNext('[')) {
      const order = this.bracket();
      const of = this.argument();
      if (order.kind === 'number' && order.value === 3) return callOf('cbrt', [of], cover(span, of.span));
      const one = numberTerm(1, order.span);
      const exponent: Term = { kind: 'binary', op: '/', left: one, right: order, span: order.span };
      return { kind: 'binary', op: '^', left: of, right: exponent, span: cover(span, of.span) };
    }
    const of = this.argument();
    return callOf('sqrt', [of], cover(span, of.span));
  }

  private name(): Term {
    const { text, span } = this.take();
    return this.indexed(text, span);
  }

  private command(): Term {
    const { text, span } = this.take();
    const plain = text.slice(1);
    if (Object.hasOwn(MARKS, text)) {
      const marked = this.braced();
      return this.indexed(`${marked}${MARKS[text]}`, {
        start: span.start,
        end: this.tokens[this.at - 1]!.span.end,
      });
    }
    if (FONTS.has(text)) {
      const isOne = this.textAt(1) === '1' && text === '\\mathbf';
      if (isOne && this.isNext('{')) {
        this.at += 3;
        return this.indicator(span);
      }
      const inner = this.fontName();
      const place = { start: span.start, end: this.tokens[this.at - 1]!.span.end };
      return Object.hasOwn(FUNCTIONS, inner)
        ? this.apply(FUNCTIONS[inner]!, place)
        : this.indexed(inner, place);
    }
    if (text === '\\sigma' && this.isNext('(')) return this.apply('sigmoid', span);
    if (Object.hasOwn(LETTERS, text)) return this.indexed(LETTERS[text]!, span);
    if (Object.hasOwn(FUNCTIONS, plain)) return this.apply(FUNCTIONS[plain]!, span);
    refuse(span, `${text} is not supported`);
  }

  /** A function with its argument, which without brackets is the one factor behind it. */
  private apply(callee: string, span: Span): Term {
    if ((callee === 'max' || callee === 'min') && this.isNext('_')) return this.extremeOver(callee, span);
    let base: Term | undefined;
    if (callee === 'log' && this.takeIf('_') !== undefined) base = this.argument();
    const power = this.takeIf('^') === undefined ? undefined : this.argument();
    const isBracketed = this.isNext('(', '[', '{', '\\{');
    const args = isBracketed ? this.list() : [this.bare()];
    const whole = cover(span, args.at(-1)!.span);
    const value = callOf(callee, base === undefined ? args : [...args, base], whole);
    return power === undefined ? value : { kind: 'binary', op: '^', left: value, right: power, span: whole };
  }

  /** An argument without brackets: more than one factor could be meant. */
  private bare(): Term {
    const of = this.factor();
    const isClear =
      !this.isFactor() ||
      (this.next.kind === 'command' && Object.hasOwn(FUNCTIONS, this.next.text.slice(1))) ||
      this.isNext('\\sum');
    if (!isClear)
      refuse(
        this.next.span,
        'it is not clear where the argument of the function ends',
        'put it in brackets: \\log(x)',
      );
    return of;
  }

  private list(): readonly Term[] {
    const open = this.take();
    const close = CLOSING[open.text]!;
    this.open.push(close);
    const args = [this.sum()];
    while (this.takeIf(',') !== undefined) args.push(this.sum());
    if (!this.isNext(close)) this.unexpected(`\`${close}\` is missing here`);
    this.open.pop();
    const { span } = this.take();
    // Braces only group: \log{(x)}.
    return args.map((one, i) => (i === args.length - 1 ? { ...one, span: cover(one.span, span) } : one));
  }

  private blackboard(): Term {
    const { span } = this.take();
    const word = this.braced();
    if (word === '1') return this.indicator(span);
    refuse(
      span,
      `\\mathbb{${word}} is not supported`,
      word === 'E' ? 'the mean over the items is \\frac{1}{N}\\sum_i' : undefined,
    );
  }
}

/** Commands that begin no factor. */
const ENDS: ReadonlySet<string> = new Set([
  '\\\\',
  '\\}',
  '\\rvert',
  '\\rVert',
  '\\rfloor',
  '\\rceil',
  '\\end',
  '\\cdot',
  '\\times',
  '\\div',
  '\\odot',
  '\\circ',
  '\\in',
  '\\land',
  '\\wedge',
  '\\lor',
  '\\vee',
  '\\&',
]);
