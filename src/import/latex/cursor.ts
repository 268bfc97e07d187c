/** Reading the words of a formula from left to right. */
import { refuse } from '../refused.js';
import { endOfText, type LatexToken } from './tokens.js';

const DEEPEST = 100;

export abstract class Cursor {
  protected at = 0;

  protected depth = 0;

  /** What closes the bracket that is open: a bar does not tell whether it opens or closes. */
  protected readonly open: string[] = [];

  protected readonly end: LatexToken;

  protected readonly tokens: LatexToken[];

  /** What was read without being told. */
  readonly questions: string[] = [];

  constructor(tokens: readonly LatexToken[], text: string) {
    this.tokens = [...tokens];
    this.end = endOfText(text);
  }

  get next(): LatexToken {
    return this.tokens[this.at] ?? this.end;
  }

  protected isNext(...texts: readonly string[]): boolean {
    return this.next.kind !== 'end' && texts.includes(this.next.text);
  }

  protected take(): LatexToken {
    const token = this.next;
    this.at += 1;
    return token;
  }

  protected takeIf(...texts: readonly string[]): LatexToken | undefined {
    return this.isNext(...texts) ? this.take() : undefined;
  }

  protected demand(text: string): LatexToken {
    return this.takeIf(text) ?? this.unexpected(`\`${text}\` is missing here`);
  }

  protected unexpected(message: string): never {
    refuse(this.next.span, this.next.kind === 'end' ? `${message}: the text ends here` : message);
  }

  protected nested<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > DEEPEST) refuse(this.next.span, `brackets are nested more than ${DEEPEST} deep`);
    const found = read();
    this.depth -= 1;
    return found;
  }

  protected textAt(offset: number): string {
    return this.tokens[this.at + offset]?.text ?? '';
  }
}
