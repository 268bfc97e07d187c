import { parse, parseExpression } from '../../../grammar/read/parse.js';
import type { Expr, SketchDecl } from '../../../grammar/tree/ast.js';
import { type SearchSpace, searchSpace } from '../../../src/evolve/gp/space.js';
import { arityOf } from '../../../src/evolve/losses/compiler.js';

/** A tree without spans, as evolution makes them, frozen all the way down. */
export function tree(text: string): Expr {
  return deepFreeze(withoutSpans(parseExpression(text)));
}

export function withoutSpans<T>(value: T): T {
  const plain: unknown = JSON.parse(
    JSON.stringify(value, (key, part: unknown) => (/[sS]pan$/.test(key) ? undefined : part)),
  );
  return plain as T;
}

export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) deepFreeze(part);
  }
  return value;
}

export function sketch(text: string): SketchDecl {
  const { file, diagnostics } = parse({ name: 'test', text });
  const found = file.declarations.find((declaration) => declaration.kind === 'sketch');
  if (diagnostics.length > 0 || found?.kind !== 'sketch') throw new Error(JSON.stringify(diagnostics));
  return found;
}

export function spaceOf(declaration: SketchDecl, weights: Record<string, number> = {}): SearchSpace {
  return searchSpace(declaration, { arity: arityOf, weights });
}

export const GLO_SKETCH = sketch(`
sketch glo(target: onehot[class], prediction: probability[class]) =
  -mean(?, class)
  with operators + - * / log square sqrt
       leaves target, prediction, 1, -1
`);

export const RICH_SKETCH = sketch(`
sketch rich(target: onehot[class], prediction: probability[class]; gamma: positive = 2) =
  let scale = ?
  -sum(? * scale, class)
  with operators + - * / ^ log exp tanh max clip
       leaves target, prediction, gamma, 1, between(-1, 1), positive
`);
