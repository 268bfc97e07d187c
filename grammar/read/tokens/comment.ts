import type { Span } from '../../tree/ast.js';

/** A `//` comment, or a `///` one, which documents the declaration below. */
export interface Comment {
  readonly kind: 'plain' | 'doc';
  /** What stands behind the slashes, without one blank in front and all at the end. */
  readonly text: string;
  readonly span: Span;
}

/** Of a token of Chevrotain, whose types are not for who installs the package. */
export function toComment(token: { readonly image: string; readonly startOffset: number }): Comment {
  const image = token.image.trimEnd();
  const isDoc = image.startsWith('///') && !image.startsWith('////');
  const text = image.slice(isDoc ? 3 : 2);
  return {
    kind: isDoc ? 'doc' : 'plain',
    text: text.startsWith(' ') ? text.slice(1) : text,
    span: { start: token.startOffset, end: token.startOffset + image.length },
  };
}

/** Gives each declaration the `///` lines above it: the last block of them without a blank line between. */
export class DocFinder {
  private at = 0;
  private end = -1;

  constructor(
    private readonly comments: readonly Comment[],
    private readonly text: string,
  ) {}

  /** The doc of the next declaration in the text, which lies from `start` to `end`. */
  next(start: number, end: number): string | undefined {
    let block: Comment[] = [];
    for (; this.at < this.comments.length && this.comments[this.at]!.span.start < end; this.at += 1) {
      const comment = this.comments[this.at]!;
      if (comment.kind !== 'doc' || comment.span.start > start) continue;
      const before = block.at(-1)?.span.end ?? this.end;
      const newLines = before < 0 ? 1 : this.text.slice(before, comment.span.start).split('\n').length - 1;
      if (newLines === 0) continue;
      if (block.length > 0 && newLines > 1) block = [];
      block.push(comment);
    }
    this.end = end;
    return block.length === 0 ? undefined : block.map((comment) => comment.text).join('\n');
  }
}
