/** Names with their marks, fonts and indices. */
import type { Span } from '../../../grammar/tree/ast.js';
import { refuse } from '../refused.js';
import type { Term } from '../term.js';
import { Cursor } from './cursor.js';
import { FONTS, isIndexLetter, LETTERS, MARKS } from './names.js';
import type { LatexToken } from './tokens.js';

export abstract class NameReader extends Cursor {
  /** What stands below a name: its index, or more of its name. */
  protected indexed(base: string, start: Span): Term {
    let name = base;
    let indices: readonly string[] | undefined;
    let { end } = start;
    for (;;) {
      const isIndex = this.isNext('_');
      // y^{(i)} has an index, too.
      const isItem =
        this.isNext('^') &&
        this.textAt(1) === '{' &&
        this.textAt(2) === '(' &&
        isIndexLetter(this.textAt(3)) &&
        this.textAt(4) === ')' &&
        this.textAt(5) === '}';
      if (isItem) {
        indices = [this.textAt(3), ...(indices ?? [])];
        end = this.tokens[this.at + 5]!.span.end;
        this.at += 6;
      } else if (isIndex && indices === undefined && name === base) {
        this.take();
        const below = this.below();
        end = this.tokens[this.at - 1]!.span.end;
        if (below.every(isIndexLetter)) indices = below;
        else name = `${base}_${below.join('')}`;
      } else break;
    }
    const span = { start: start.start, end };
    if (indices === undefined && name === base && /^[fghDGP]$/.test(base) && this.isNext('('))
      refuse(
        span,
        `it is not clear whether ${base} is a function or a factor`,
        'give its value a name, or write \\cdot for a product',
      );
    return { kind: 'name', name, span, ...(indices !== undefined && { indices }) };
  }

  protected below(): readonly string[] {
    if (!this.isNext('{')) return [this.word(this.take())];
    this.take();
    const parts: string[] = [];
    while (!this.isNext('}')) {
      if (this.next.kind === 'end') this.unexpected('`}` is missing here');
      if (this.takeIf(',') === undefined) parts.push(this.word(this.take()));
    }
    this.take();
    return parts;
  }

  protected word({ kind, text, span }: LatexToken): string {
    if (kind === 'letter' || kind === 'number') return text;
    if (Object.hasOwn(LETTERS, text)) return LETTERS[text]!;
    if (FONTS.has(text)) return this.braced();
    return refuse(span, 'this index is not supported', 'an index has letters and digits');
  }

  /** The letters in the braces of a font. */
  protected braced(): string {
    if (!this.isNext('{')) return this.word(this.take());
    this.take();
    let word = '';
    while (!this.isNext('}')) {
      if (this.next.kind === 'end') this.unexpected('`}` is missing here');
      const token = this.take();
      // \text{otherwise.}
      if (token.text === '.' || token.text === ',' || token.text === ':') continue;
      word +=
        token.kind === 'letter' || token.kind === 'number'
          ? token.text
          : token.text === '\\_' || token.text === '-'
            ? '_'
            : this.word(token);
    }
    this.take();
    return word;
  }

  /** What a font is put on: a word, or a letter with a mark. */
  protected fontName(): string {
    if (this.isNext('{') && Object.hasOwn(MARKS, this.textAt(1))) {
      this.take();
      const mark = MARKS[this.take().text]!;
      const word = `${this.braced()}${mark}`;
      this.demand('}');
      return word;
    }
    return this.braced();
  }
}
