import type { IToken, TokenType } from 'chevrotain';
import type { Comment } from '../read/tokens/comment.js';
import { endOf } from '../read/tokens/token.js';
import * as t from '../read/tokens/tokens.js';
import { blank, comment, type Doc, hardLine, list, text } from './layout.js';

/** A comment and how it stands: on a line of its own or behind something, below an empty line or not. */
export interface PlacedComment {
  readonly comment: Comment;
  readonly ownLine: boolean;
  readonly blankBefore: boolean;
}

interface Slot {
  readonly token: IToken;
  readonly blankBefore: boolean;
  readonly before: PlacedComment[];
  readonly after: PlacedComment[];
  /** Is it the last of a statement? Then what follows on its line belongs to the statement. */
  readonly isLast: boolean;
}

/** Line breaks in a piece of the text that holds only blanks. */
export function countNewLines(source: string, start: number, end: number): number {
  let count = 0;
  for (let at = source.indexOf('\n', start); at >= 0 && at < end; at = source.indexOf('\n', at + 1))
    count += 1;
  return count;
}

function commentDoc({ comment: { span }, ownLine }: PlacedComment, source: string): Doc {
  return comment(source.slice(span.start, span.end), ownLine);
}

/** The tokens of a declaration in order, each taken once, with the comments beside them. */
export class FormatTokens {
  private readonly slots: Slot[] = [];
  private next = 0;
  private tail: PlacedComment[] = [];

  /** `comments` are those between the first token and the end of the last one's line. */
  constructor(
    tokens: readonly IToken[],
    comments: readonly Comment[],
    private readonly source: string,
  ) {
    let at = 0;
    let end = -1;
    let moved: PlacedComment[] = [];
    for (const [index, token] of tokens.entries()) {
      if (token.tokenType === t.NewLine || token.tokenType === t.BodyEnd) continue;
      const before = moved;
      for (; at < comments.length && comments[at]!.span.start < token.startOffset; at += 1) {
        const placed = this.place(comments[at]!, end);
        end = comments[at]!.span.end;
        const previous = this.slots.at(-1);
        const isBeside = !placed.ownLine && before.length === 0 && previous?.after.length === 0;
        if (isBeside) previous.after.push(placed);
        else before.push({ ...placed, ownLine: true });
      }
      const blankBefore = end >= 0 && countNewLines(source, end, token.startOffset) > 1;
      const following = tokens[index + 1]?.tokenType;
      const isLast = following === undefined || following === t.NewLine || following === t.BodyEnd;
      const slot: Slot = { token, blankBefore, before, after: [], isLast };
      moved = token.tokenType === t.Comma ? this.moveBehind(slot) : [];
      this.slots.push(slot);
      end = endOf(token);
    }
    for (; at < comments.length; at += 1) this.slots.at(-1)?.after.push(this.place(comments[at]!, end));
  }

  /** The type of the next token. */
  get type(): TokenType | undefined {
    return this.slots[this.next]?.token.tokenType;
  }

  /** The offset of the next token. */
  get offset(): number {
    return this.slots[this.next]?.token.startOffset ?? Number.POSITIVE_INFINITY;
  }

  /** Is there an empty line above the next token and the comments that belong to it? */
  get blankAbove(): boolean {
    const slot = this.slots[this.next];
    return slot !== undefined && (slot.before[0]?.blankBefore ?? slot.blankBefore);
  }

  /** The next token with its comments. */
  take(): Doc {
    const comments = this.takeBefore(false);
    const { token } = this.slots[this.next]!;
    return list(comments, text(token.image), this.advance());
  }

  /** The next token, a separator that the layout writes itself, as its comments alone. */
  drop(): Doc {
    return list(this.takeBefore(false), this.advance());
  }

  /** The comments in front of the next token, which then has none. Empty lines between them are kept at statements. */
  takeBefore(keepBlanks: boolean): Doc {
    const slot = this.slots[this.next]!;
    const comments = slot.before.splice(0);
    return list(
      ...comments.flatMap((placed, index) => [
        ...(keepBlanks && index > 0 && placed.blankBefore ? [blank] : []),
        commentDoc(placed, this.source),
      ]),
      ...(keepBlanks && comments.length > 0 && slot.blankBefore ? [blank] : []),
    );
  }

  /** The comments behind the statement that was just taken. */
  takeTail(): Doc {
    const comments = this.tail.splice(0);
    return list(
      ...comments.flatMap((placed) => [
        ...(placed.blankBefore ? [hardLine, blank] : []),
        commentDoc(placed, this.source),
      ]),
    );
  }

  private advance(): Doc {
    const slot = this.slots[this.next]!;
    this.next += 1;
    if (slot.isLast) {
      this.tail = slot.after;
      return list();
    }
    return list(...slot.after.map((placed) => commentDoc(placed, this.source)));
  }

  private place(one: Comment, end: number): PlacedComment {
    const newLines = end < 0 ? 1 : countNewLines(this.source, end, one.span.start);
    return { comment: one, ownLine: newLines > 0, blankBefore: newLines > 1 };
  }

  /** Comments between a value and its comma stand behind the comma: one on its line, others above what follows. */
  private moveBehind(comma: Slot): PlacedComment[] {
    const [beside, ...others] = [...(this.slots.at(-1)?.after.splice(0) ?? []), ...comma.before.splice(0)];
    if (beside === undefined) return [];
    if (beside.ownLine) return [beside, ...others];
    comma.after.push(beside);
    return others;
  }
}
