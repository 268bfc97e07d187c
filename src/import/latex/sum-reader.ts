/** Sums, products and extremes over an index. */
import type { Span } from '../../../grammar/tree/ast.js';
import { cover } from '../../../grammar/tree/span.js';
import { refuse } from '../refused.js';
import type { OverTerm, Term } from '../term.js';
import { ConditionReader } from './condition-reader.js';

export abstract class SumReader extends ConditionReader {
  /** What is multiplied. */
  protected abstract term(): Term;
  protected abstract factor(): Term;
  /** What stands in braces, or the one thing that follows. */
  protected abstract argument(): Term;

  /** A sum or product sign: what it is over, and all that is multiplied behind it. */
  protected over(reduction: OverTerm['reduction']): Term {
    const { span } = this.take();
    const { letters, limit } = this.range(span);
    const body = this.term();
    return letters.reduceRight<Term>(
      (of, index, i): OverTerm => ({
        kind: 'over',
        reduction,
        index,
        of,
        span: cover(span, body.span),
        ...(limit !== undefined && i === 0 && { limit }),
      }),
      body,
    );
  }

  /** `_{i=1}^{N}`, `_i`, `_{c \in C}`, `_{i,j}`. */
  protected range(sign: Span): { readonly letters: readonly string[]; readonly limit: string | undefined } {
    if (this.takeIf('_') === undefined) refuse(sign, 'this sum has no index', 'write its index: \\sum_c');
    const braced = this.takeIf('{') !== undefined;
    const letters: string[] = [];
    let first = 1;
    do {
      const letter = this.take();
      if (letter.kind !== 'letter')
        refuse(letter.span, 'an index is a single letter', 'write \\sum_c or \\sum_{c=1}^C');
      letters.push(letter.text);
      if (!braced) break;
    } while (this.takeIf(',') !== undefined || this.next.kind === 'letter');
    if (braced) {
      if (this.takeIf('=') !== undefined) {
        const start = this.take();
        first = Number(start.text);
        if (first !== 0 && first !== 1)
          refuse(
            start.span,
            'a sum that begins elsewhere than at 0 or 1 is not supported',
            'leave entries out with a mask',
          );
      } else if (this.takeIf('\\in') !== undefined)
        while (!this.isNext('}') && this.next.kind !== 'end') this.take();
      if (!this.isNext('}')) this.unexpected('a sum with a condition is not supported');
      this.take();
    }
    return { letters, limit: this.limit(first) };
  }

  /** The last number of a sum: a letter, less 1 where the first is 0. */
  protected limit(first: number): string | undefined {
    if (this.takeIf('^') === undefined) return undefined;
    const term = this.argument();
    if (first === 1 && term.kind === 'name') return term.name;
    if (
      first === 0 &&
      term.kind === 'binary' &&
      term.op === '-' &&
      term.left.kind === 'name' &&
      term.right.kind === 'number' &&
      term.right.value === 1
    )
      return term.left.name;
    refuse(term.span, 'this end of a sum is not supported', 'write \\sum_{c=1}^{C}');
  }

  protected extremeOver(reduction: 'max' | 'min', span: Span): Term {
    const { letters } = this.range(span);
    const of = this.factor();
    return letters.reduceRight<Term>(
      (inner, index): Term => ({ kind: 'over', reduction, index, of: inner, span: cover(span, of.span) }),
      of,
    );
  }
}
