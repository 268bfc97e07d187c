import { lex } from '../../grammar/read/tokens/lex.js';
import { endOf, tokenSpan } from '../../grammar/read/tokens/token.js';
import * as t from '../../grammar/read/tokens/tokens.js';
import type { Span } from '../../grammar/tree/ast.js';

export type Token = ReturnType<typeof lex>['tokens'][number];

/** What begins a declaration. */
const DECLARING = new Map([
  [t.Loss, 'loss'],
  [t.Sketch, 'sketch'],
  [t.Fn, 'fn'],
  [t.Test, 'test'],
  [t.Import, 'import'],
] as const);
export type Keyword = typeof DECLARING extends Map<unknown, infer K> ? K : never;

const OPENING = new Map([
  [t.LeftParen, t.RightParen],
  [t.LeftSquare, t.RightSquare],
  [t.LeftCurly, t.RightCurly],
]);
const CLOSING = new Set(OPENING.values());

/** A bracket that is open at the offset. */
export interface Frame {
  readonly open: Token;
  /** The name in front of it. */
  readonly callee: Token | undefined;
  /** How many commas stand in it before the offset. */
  readonly commas: number;
  /** What stands in it since the bracket or the last comma. */
  readonly argument: readonly Token[];
}

/** A name that a declaration gives before the offset. */
export interface Local {
  readonly kind: 'input' | 'parameter' | 'axis' | 'let';
  readonly name: string;
  /** As it is declared, with its domain. */
  readonly text: string;
}

/**
 * What stands in front of an offset of a text, told by its words alone: so it is known of a text too that cannot be read, which
 * one that is being typed hardly ever can.
 */
export interface Outline {
  readonly keyword: Keyword | undefined;
  /** The name that the declaration gives; of a test, the loss that it tests. */
  readonly name: string | undefined;
  /** The brackets that are open at the offset, the innermost last. */
  readonly frames: readonly Frame[];
  readonly locals: readonly Local[];
  /** Is the offset behind the `=` of the declaration? */
  readonly isBody: boolean;
  /** The tokens in front of the word at the offset, in the declaration. */
  readonly before: readonly Token[];
  /** The tokens behind the word at the offset, in the text. */
  readonly after: readonly Token[];
  /** The word at the offset, to be replaced; empty where there is none. */
  readonly word: Span;
  /** Is the word the first of its line? */
  readonly beginsLine: boolean;
  readonly isComment: boolean;
  /** The string around the offset, with its quotes. */
  readonly string: Span | undefined;
}

const isWord = (token: Token): boolean => /^[A-Za-z_]/.test(token.image) && token.tokenType !== t.DottedName;

/** Is an offset between the quotes of a string, or behind the first of one that is not closed? */
function isOpenAt({ tokenType, startOffset, image }: Token, offset: number): boolean {
  if (tokenType !== t.Text && tokenType !== t.BadText) return false;
  const isClosed = image.length > 1 && image.at(-1) === image[0];
  return !isClosed || offset < startOffset + image.length;
}

export function outlineAt(text: string, offset: number): Outline {
  const { tokens, comments } = lex(text, () => {});
  const touching = tokens.find((token) => token.startOffset < offset && offset <= endOf(token));
  const word =
    touching !== undefined && isWord(touching) ? tokenSpan(touching) : { start: offset, end: offset };
  const string = touching !== undefined && isOpenAt(touching, offset) ? tokenSpan(touching) : undefined;
  const all = tokens.filter((token) => endOf(token) <= (string ?? word).start);
  const first = all.findLastIndex(({ tokenType }) => DECLARING.has(tokenType));
  const before = first < 0 ? all : all.slice(first);
  const keyword = before[0] && DECLARING.get(before[0].tokenType);
  const named = before[1]?.tokenType === t.Name ? before[1].image : undefined;
  const { frames, locals, isBody } = scan(text, before, keyword);
  return {
    keyword,
    name: named,
    frames,
    locals,
    isBody,
    before,
    after: tokens.filter((token) => token.startOffset >= Math.max(word.end, offset)),
    word,
    beginsLine: /(?:^|\n)[ \t]*$/.test(text.slice(0, word.start)),
    isComment: comments.some(({ span }) => span.start < offset && offset <= span.end),
    string,
  };
}

interface OpenFrame extends Frame {
  commas: number;
  argument: Token[];
}

/** Walks through the words of a declaration. */
function scan(
  text: string,
  tokens: readonly Token[],
  keyword: Keyword | undefined,
): Pick<Outline, 'frames' | 'locals' | 'isBody'> {
  const frames: OpenFrame[] = [];
  const found: { readonly kind: Local['kind']; readonly at: Token; end: number }[] = [];
  const declares = keyword === 'loss' || keyword === 'sketch' || keyword === 'fn';
  let isBody = false;
  let kind: 'input' | 'parameter' = keyword === 'fn' ? 'parameter' : 'input';
  for (const [i, token] of tokens.entries()) {
    const [before, frame] = [tokens[i - 1], frames.at(-1)];
    const inSignature = declares && !isBody && frames.length > 0;
    const { tokenType } = token;
    if (inSignature && tokenType === t.Name && frames.length === 1 && isItemStart(before))
      found.push({ kind, at: token, end: endOf(token) });
    else if (
      inSignature &&
      tokenType === t.Name &&
      frame!.open.tokenType === t.LeftSquare &&
      isAxisStart(before)
    )
      found.push({ kind: 'axis', at: token, end: endOf(token) });
    else if (isBody && tokenType === t.Name && before?.tokenType === t.Let)
      found.push({ kind: 'let', at: token, end: endOf(token) });
    else if (isBody && tokenType === t.Name && frame?.callee?.image === 'rename' && frame.commas === 2)
      found.push({ kind: 'axis', at: token, end: endOf(token) });
    // An item goes on to the next comma.
    const ends = frames.length === 1 && (tokenType === t.Comma || tokenType === t.Semicolon);
    const closes = frames.length === 1 && tokenType === t.RightParen;
    const item = found.findLast((one) => one.kind === 'input' || one.kind === 'parameter');
    if (inSignature && item !== undefined && !ends && !closes) item.end = endOf(token);
    if (inSignature && frames.length === 1 && tokenType === t.Semicolon) kind = 'parameter';
    if (declares && frames.length === 0 && tokenType === t.Equals) isBody = true;
    if (OPENING.has(tokenType))
      frames.push({
        open: token,
        callee: tokenType === t.LeftParen && before?.tokenType === t.Name ? before : undefined,
        commas: 0,
        argument: [],
      });
    else if (CLOSING.has(tokenType)) {
      const index = frames.findLastIndex(({ open }) => OPENING.get(open.tokenType) === tokenType);
      if (index >= 0) frames.length = index;
      frames.at(-1)?.argument.push(token);
    } else if (frame !== undefined && (tokenType === t.Comma || tokenType === t.Semicolon)) {
      frame.commas += 1;
      frame.argument = [];
    } else frame?.argument.push(token);
  }
  const locals = new Map<string, Local>();
  for (const { kind, at, end } of found)
    if (!locals.has(at.image))
      locals.set(at.image, { kind, name: at.image, text: text.slice(at.startOffset, end) });
  return { frames, locals: [...locals.values()], isBody };
}

const isItemStart = (before: Token | undefined): boolean =>
  before === undefined || [t.LeftParen, t.Comma, t.Semicolon, t.Data].includes(before.tokenType);
const isAxisStart = (before: Token | undefined): boolean =>
  before?.tokenType === t.LeftSquare || before?.tokenType === t.Comma;

/** The names of declarations in a text, by their words alone. */
export function declaredIn(
  text: string,
): readonly { readonly keyword: Keyword; readonly name: Token; readonly span: Span }[] {
  const { tokens } = lex(text, () => {});
  const starts = tokens.flatMap((token, i) => (DECLARING.has(token.tokenType) ? [i] : []));
  return starts.flatMap((start, i) => {
    const [first, name] = [tokens[start]!, tokens[start + 1]];
    const last = tokens[(starts[i + 1] ?? tokens.length) - 1]!;
    const keyword = DECLARING.get(first.tokenType)!;
    if (name?.tokenType !== t.Name) return [];
    return [{ keyword, name, span: { start: first.startOffset, end: endOf(last) } }];
  });
}
