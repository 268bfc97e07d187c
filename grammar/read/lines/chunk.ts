import type { IToken } from 'chevrotain';
import type { Span } from '../../tree/ast.js';

/** The tokens of one declaration, with NewLine where a line ends a statement and BodyEnd where the body does. */
export interface Chunk {
  readonly tokens: IToken[];
  /** Offsets at which statements, inputs, parameters and entries begin: one parser error in each is enough. */
  readonly starts: number[];
  /** Parser errors in here only follow from a bracket that was reported already. */
  readonly quiet: Span[];
  /** Offsets of tokens that were left out: parser errors behind them, in the same statement, may follow from that. */
  readonly dropped: number[];
  /** Not parsed: reported already, as too deep or as the text of another language. */
  isUnread: boolean;
  /** The offset where the next chunk or the end of the text is. */
  end: number;
  /** Where the `=` between signature and body is; -1 before it. */
  headEnd: number;
}

/** A chunk that begins at an offset and ends with the text, as far as is known. */
export function emptyChunk(start: number, end: number): Chunk {
  return { tokens: [], starts: [start], quiet: [], dropped: [], isUnread: false, end, headEnd: -1 };
}
