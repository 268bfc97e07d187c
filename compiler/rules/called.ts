import { LeftParen, lexer, Name, RightParen } from '../../grammar/read/tokens/tokens.js';

/** What the tokens of an expression tell without reading it. */
export interface Called {
  /** Names that are called, in the order of the text. */
  readonly names: readonly string[];
  /** Is the whole expression one call, of the first of them? */
  readonly isOneCall: boolean;
}

/** What an expression calls. To read the tokens of all rules takes a sixth of the time that parsing them takes. */
export function calledIn(text: string): Called {
  const { tokens } = lexer.tokenize(text);
  const isCalled = ({ tokenType }: (typeof tokens)[number], i: number): boolean =>
    tokenType === Name && tokens[i + 1]?.tokenType === LeftParen;
  let depth = 0;
  // Where the bracket that opens first is closed.
  const end = tokens.findIndex(({ tokenType }) => {
    if (tokenType === LeftParen) depth += 1;
    if (tokenType !== RightParen) return false;
    depth -= 1;
    return depth === 0;
  });
  return {
    names: tokens.filter(isCalled).map(({ image }) => image),
    isOneCall: tokens[0] !== undefined && isCalled(tokens[0], 0) && end === tokens.length - 1,
  };
}
