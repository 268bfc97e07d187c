/** Choices: cases, and indicators of a condition. */
import type { Span } from '../../../grammar/tree/ast.js';
import { cover } from '../../../grammar/tree/span.js';
import { refuse } from '../refused.js';
import type { Term } from '../term.js';
import { NameReader } from './name-reader.js';
import { CLOSING, FONTS, RELATIONS } from './names.js';

const CASE_WORDS = ['if', 'for', 'when', 'where', 'otherwise', 'else', 'elsewhere'];

export const numberTerm = (value: number, span: Span): Term => ({ kind: 'number', value, span });

export abstract class ConditionReader extends NameReader {
  /** Terms with + and - between them. */
  protected abstract sum(): Term;

  /** 1 where a condition holds, else 0. */
  protected indicator(span: Span): Term {
    const below = this.takeIf('_');
    if (below === undefined && !this.isNext('(', '[', '\\{'))
      refuse(span, 'an indicator needs its condition', 'write \\mathbb{1}[y = 1]');
    const open = this.take();
    const close =
      CLOSING[open.text] ?? refuse(open.span, 'an indicator needs its condition', 'write \\mathbb{1}[y = 1]');
    const isDouble = open.text === '{' && this.takeIf('\\{') !== undefined;
    this.open.push(isDouble ? '\\}' : close);
    const condition = this.condition();
    if (isDouble) this.demand('\\}');
    this.open.pop();
    const whole = cover(span, this.demand(close).span);
    return {
      kind: 'choose',
      condition,
      holds: numberTerm(1, whole),
      otherwise: numberTerm(0, whole),
      span: whole,
    };
  }

  /** Comparisons, one or several in a row, joined by a comma, `and` or `or`. */
  protected condition(): Term {
    let left = this.sum();
    let all: Term | undefined;
    while (Object.hasOwn(RELATIONS, this.next.text)) {
      const op = RELATIONS[this.take().text]!;
      const right = this.sum();
      const one: Term = { kind: 'binary', op, left, right, span: cover(left.span, right.span) };
      all =
        all === undefined
          ? one
          : { kind: 'binary', op: 'and', left: all, right: one, span: cover(all.span, one.span) };
      left = right;
    }
    if (all === undefined) refuse(left.span, 'this is not a condition', 'compare two values');
    const joint = this.takeIf('\\land', '\\wedge', '\\lor', '\\vee');
    if (joint === undefined) return all;
    const rest = this.condition();
    const op = joint.text === '\\land' || joint.text === '\\wedge' ? 'and' : 'or';
    return { kind: 'binary', op, left: all, right: rest, span: cover(all.span, rest.span) };
  }

  /** `\begin{cases} a & x < 1 \\ b & \text{otherwise} \end{cases}` */
  protected cases(): Term {
    const { span } = this.take();
    const kind = this.braced();
    if (kind !== 'cases') refuse(span, `\\begin{${kind}} is not supported`);
    const rows: { readonly holds: Term; readonly condition: Term | undefined }[] = [];
    while (!this.isNext('\\end')) {
      const holds = this.sum();
      while (this.takeIf(',', '&', ';') !== undefined);
      rows.push({ holds, condition: this.caseCondition() });
      while (this.takeIf(',', '.', ';') !== undefined);
      if (this.takeIf('\\\\') === undefined) break;
    }
    this.demand('\\end');
    this.braced();
    const last = rows.pop();
    const whole = { start: span.start, end: this.tokens[this.at - 1]!.span.end };
    if (last === undefined) refuse(whole, 'there are no cases');
    if (last.condition !== undefined && rows.length === 0)
      refuse(whole, 'there is only one case', 'add \\text{otherwise}');
    const open = rows.find(({ condition }) => condition === undefined);
    if (open !== undefined) refuse(open.holds.span, 'this case has no condition');
    if (last.condition !== undefined)
      this.questions.push('the last case is read as the one for everything else: is it?');
    return rows.reduceRight<Term>(
      (otherwise, { holds, condition }) => ({
        kind: 'choose',
        condition: condition!,
        holds,
        otherwise,
        span: whole,
      }),
      last.holds,
    );
  }

  /** The words of a case: `\\text{if}`. */
  protected isCaseWord(): boolean {
    if (!FONTS.has(this.next.text) || this.textAt(1) !== '{') return false;
    const letters = this.tokens.slice(this.at + 2, this.at + 14).map(({ text }) => text);
    return CASE_WORDS.some((word) => new RegExp(`^${word}[.,:]?}`).test(letters.join('')));
  }

  protected caseCondition(): Term | undefined {
    while (this.isCaseWord()) {
      this.take();
      if (/^(?:otherwise|else|elsewhere)$/i.test(this.braced())) return undefined;
    }
    return this.condition();
  }
}
