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

const isBar = (token: IToken): boolean =>
  token.tokenType === t.ForeignOperator && (token.image === '|' || token.image === '||');

/** Is there a line end between two tokens? */
const isBroken = (before: IToken, after: IToken, text: string): boolean =>
  text.slice(endOf(before), after.startOffset).includes('\n');

/** `|x|` and `||x||`: each bar that stands where a value begins, with the one that closes it on the same line. */
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
    else if (isBehindValue && open.depth === depth && open.bar.image === token.image) {
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

/** Words that begin an import elsewhere: `use std/focal`, `require("std/focal")`. Here they are names. */
const IMPORT_WORDS: ReadonlySet<string> = new Set(['use', 'using', 'include', 'require', 'open', 'load']);
const LIBRARY = 'std';
const PATHS = new Set<TokenType>([t.Text, t.BadText]);

/** Whether a line that begins with a token imports as no line of ours does. */
function isForeignImport(first: IToken, tokens: readonly IToken[], index: number): boolean {
  const [next, afterNext] = [tokens[index + 1]!, tokens[index + 2]];
  const isPath = PATHS.has(next.tokenType);
  if (first.tokenType === t.Import) return next.tokenType !== t.LeftCurly;
  // `from "file"` may end an import that goes over two lines.
  if (first.tokenType === t.From)
    return WORDS.has(next.tokenType) || (isPath && afterNext?.tokenType === t.Import);
  if (first.tokenType !== t.Name || !IMPORT_WORDS.has(first.image)) return false;
  const isCall = next.tokenType === t.LeftParen && afterNext !== undefined && PATHS.has(afterNext.tokenType);
  return isPath || isCall || WORDS.has(next.tokenType);
}

/** Reads the line from a token on; undefined where it is no import, or one of ours. */
function foreignImport(tokens: readonly IToken[], index: number, text: string): ForeignImport | undefined {
  const first = tokens[index]!;
  const next = tokens[index + 1];
  if (next === undefined || isBroken(first, next, text)) return undefined;
  if (!isForeignImport(first, tokens, index)) return undefined;
  let length = 1;
  while (
    tokens[index + length] !== undefined &&
    !isBroken(tokens[index + length - 1]!, tokens[index + length]!, text)
  )
    length += 1;
  const line = tokens.slice(index, index + length);
  const end = endOf(line.at(-1)!);
  const quoted = line.find(({ tokenType }) => PATHS.has(tokenType))?.image.slice(1, -1);
  const bare = /\bstd\/\w+/.exec(text.slice(first.startOffset, end))?.[0];
  const path = quoted ?? bare;
  const [named, module] = parts(line);
  const isNamed = named.length > 0 && (quoted !== undefined || bare === undefined);
  const names = isNamed ? named : [(path ?? module ?? '').split(/[./]/).at(-1)!];
  const isStandard = module === LIBRARY || module?.startsWith(`${LIBRARY}.`) === true;
  const file = path ?? (isStandard ? `${LIBRARY}/${module.split('.')[1] ?? names[0]}` : undefined);
  // The library as a whole has no file.
  if (names[0] === LIBRARY) return { length, end, names, file: `${LIBRARY}/name`, shown: ['name'] };
  if (file === LIBRARY)
    return { length, end, names, file: `${LIBRARY}/${names[0]}`, shown: names.slice(0, 1) };
  return { length, end, names, file, shown: module === LIBRARY ? names.slice(0, 1) : names };
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

/** The tokens with `|x|` read as `abs(x)`, and `||x||` too. */
export function withoutBars(tokens: readonly IToken[], text: string, report: Report): readonly IToken[] {
  const pairs = barPairs(tokens, text);
  if (pairs.size === 0) return tokens;
  const closing = new Set(pairs.values());
  return tokens.flatMap((token) => {
    if (closing.has(token)) return [insertedToken(t.RightParen, token.startOffset, ')')];
    const close = pairs.get(token);
    if (close === undefined) return [token];
    const span = { start: token.startOffset, end: endOf(close) };
    const { length } = token.image;
    const value = text.slice(span.start + length, span.end - length).trim();
    report(message.barsAround(token.image, value, span));
    return [
      insertedToken(t.Name, token.startOffset, 'abs', length),
      insertedToken(t.LeftParen, endOf(token)),
    ];
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
