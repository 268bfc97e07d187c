import type { IToken, TokenType } from 'chevrotain';
import * as message from '../../diagnostics/messages.js';
import { endOf, insertedToken, type Report } from '../tokens/token.js';
import * as t from '../tokens/tokens.js';

/** Forms of other languages that take more than one token. */

/** Behind these a value is complete. */
const VALUE_ENDS = new Set<TokenType>([
  ...[t.Name, t.DottedName, t.NumberLiteral, t.RightParen, t.RightSquare, t.Superscript],
]);
const OPENERS = new Set<TokenType>([t.LeftParen, t.LeftSquare, t.LeftCurly]);
const CLOSERS = new Set<TokenType>([t.RightParen, t.RightSquare, t.RightCurly]);

const isBar = (token: IToken): boolean => token.tokenType === t.ForeignOperator && token.image === '|';

/** Is there a line end between two tokens? */
const isBroken = (before: IToken, after: IToken, text: string): boolean =>
  text.slice(endOf(before), after.startOffset).includes('\n');

/** `|x|`: each bar that stands where a value begins, with the one that closes it on the same line. */
function barPairs(tokens: readonly IToken[], text: string): ReadonlyMap<IToken, IToken> {
  const pairs = new Map<IToken, IToken>();
  let open: { readonly bar: IToken; readonly depth: number } | undefined;
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    const before = tokens[index - 1];
    if (open !== undefined && before !== undefined && isBroken(before, token, text)) open = undefined;
    if (OPENERS.has(token.tokenType)) depth += 1;
    else if (CLOSERS.has(token.tokenType)) depth -= 1;
    if (!isBar(token)) continue;
    const isBehindValue = before !== undefined && VALUE_ENDS.has(before.tokenType);
    if (open === undefined) open = isBehindValue ? undefined : { bar: token, depth };
    else if (isBehindValue && open.depth === depth) {
      pairs.set(open.bar, token);
      open = undefined;
    }
  }
  return pairs;
}

const WORDS = new Set<TokenType>([t.Name, t.DottedName]);

/** A line that imports as other languages do. */
interface ForeignImport {
  /** The tokens of the line, the first one included. */
  readonly length: number;
  readonly end: number;
  /** What it was to bring: calls of it are no mistakes on top. */
  readonly names: readonly string[];
  /** The file that was meant, where that can be told, and what of it: each standard loss has its own. */
  readonly file: string | undefined;
  readonly shown: readonly string[];
}

/** Reads the line from a token on, which is `import` or `from`; undefined where it is an import of ours. */
function foreignImport(tokens: readonly IToken[], index: number, text: string): ForeignImport | undefined {
  const first = tokens[index]!;
  const next = tokens[index + 1];
  if (first.tokenType !== t.Import && first.tokenType !== t.From) return undefined;
  if (next === undefined || isBroken(first, next, text)) return undefined;
  const isOurs = first.tokenType === t.Import ? next.tokenType === t.LeftCurly : !WORDS.has(next.tokenType);
  if (isOurs) return undefined;
  let length = 1;
  while (
    tokens[index + length] !== undefined &&
    !isBroken(tokens[index + length - 1]!, tokens[index + length]!, text)
  )
    length += 1;
  const line = tokens.slice(index, index + length);
  const path = line
    .find(({ tokenType }) => tokenType === t.Text || tokenType === t.BadText)
    ?.image.slice(1, -1);
  const [named, module] = parts(line);
  const names = named.length > 0 ? named : [(path ?? module ?? '').split(/[./]/).at(-1)!];
  const isStandard = module === 'std' || module?.startsWith('std.') === true;
  const file = path ?? (isStandard ? `std/${module.split('.')[1] ?? names[0]}` : undefined);
  const shown = module === 'std' ? names.slice(0, 1) : names;
  return { length, end: endOf(line.at(-1)!), names, file, shown };
}

/** The names that a line imports, and the module that it takes them from. */
function parts(line: readonly IToken[]): readonly [readonly string[], string | undefined] {
  const isWord = ({ tokenType, image }: IToken): boolean => WORDS.has(tokenType) && image !== 'as';
  const from = line.findIndex(({ tokenType }) => tokenType === t.From);
  const at = line.findIndex(({ tokenType }) => tokenType === t.Import);
  const words = (start: number, end: number): string[] =>
    line
      .slice(start, end < 0 ? undefined : end)
      .filter(isWord)
      .map(({ image }) => image);
  if (from === 0) return [words(at < 0 ? line.length : at + 1, -1), words(1, at)[0]];
  const named = words(1, from);
  return from < 0 && !line.some(({ tokenType }) => tokenType === t.Text)
    ? [named.length > 0 ? [named[0]!.split('.').at(-1)!] : [], named[0]]
    : [named, undefined];
}

/** The tokens with `|x|` read as `abs(x)`. */
export function withoutBars(tokens: readonly IToken[], text: string, report: Report): readonly IToken[] {
  const pairs = barPairs(tokens, text);
  if (pairs.size === 0) return tokens;
  const closing = new Set(pairs.values());
  return tokens.flatMap((token) => {
    if (closing.has(token)) return [insertedToken(t.RightParen, token.startOffset, ')')];
    const close = pairs.get(token);
    if (close === undefined) return [token];
    const span = { start: token.startOffset, end: endOf(close) };
    report(message.barsAround(text.slice(span.start + 1, span.end - 1).trim(), span));
    return [insertedToken(t.Name, token.startOffset, 'abs', 1), insertedToken(t.LeftParen, endOf(token))];
  });
}

/** The tokens without the imports of other languages, and the names that those were to bring. */
export function withoutForeignLines(
  tokens: readonly IToken[],
  text: string,
  report: Report,
): { readonly tokens: readonly IToken[]; readonly missing: readonly string[] } {
  const kept: IToken[] = [];
  const missing: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index]!;
    const before = tokens[index - 1];
    const startsLine = before === undefined || isBroken(before, token, text);
    const found = startsLine ? foreignImport(tokens, index, text) : undefined;
    if (found === undefined) {
      kept.push(token);
      continue;
    }
    report(message.importForm(found.shown, found.file, { start: token.startOffset, end: found.end }));
    missing.push(...found.names);
    index += found.length - 1;
  }
  return { tokens: withoutBars(kept, text, report), missing };
}
