/** A formula in LaTeX. */
import type { Formula } from '../term.js';
import { LatexReader } from './expression.js';
import { axesOfIndices } from './indices.js';
import { type LatexToken, tokenise } from './tokens.js';

const OPENING = new Set(['{', '(', '[', '\\{', '\\begin']);
const CLOSING = new Set(['}', ')', ']', '\\}', '\\end']);
const DEFINES = new Set(['=', '\\coloneqq', '\\triangleq', '\\equiv']);

export function readLatex(text: string): Formula {
  const reader = new LatexReader(withoutLeftSide(tokenise(text)), text);
  const result = reader.formula();
  const axes = axesOfIndices([result]);
  return {
    parameters: [],
    steps: [],
    result,
    axes: { ...axes, questions: [...axes.questions, ...reader.questions] },
  };
}

/** `L(y, \hat{y}) = …` is the name of what follows. */
function withoutLeftSide(tokens: readonly LatexToken[]): readonly LatexToken[] {
  let depth = 0;
  for (const [at, { text }] of tokens.entries()) {
    if (OPENING.has(text)) depth += 1;
    else if (CLOSING.has(text)) depth -= 1;
    else if (depth === 0 && DEFINES.has(text))
      return tokens.slice(at + 1).filter((token, i) => i > 0 || token.text !== '&');
  }
  return tokens;
}
