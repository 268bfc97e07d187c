/** Colours of the text, by the same grammar that editors have: `grammar/loss.tmLanguage.json`. */
import { HighlightStyle, StreamLanguage, type StringStream } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import GRAMMAR from '../../../../grammar/loss.tmLanguage.json' with { type: 'json' };

interface Scoped {
  readonly name: string;
}
interface Pattern {
  readonly match?: string;
  readonly name?: string;
  readonly captures?: Readonly<Record<string, Scoped>>;
  readonly include?: string;
  readonly patterns?: readonly Pattern[];
}

interface Rule {
  readonly match: RegExp;
  readonly name: string | undefined;
  readonly captures: readonly (readonly [number, string])[];
}

const REPOSITORY: Readonly<Record<string, Pattern>> = GRAMMAR.repository;

function rulesOf({ include, patterns, match, name, captures = {} }: Pattern): readonly Rule[] {
  if (include !== undefined) return rulesOf(REPOSITORY[include.slice(1)]!);
  if (match === undefined) return (patterns ?? []).flatMap(rulesOf);
  const named = Object.entries(captures).map(([group, scope]) => [Number(group), scope.name] as const);
  return [{ match: new RegExp(match, 'dy'), name, captures: named }];
}

const RULES = GRAMMAR.patterns.flatMap(rulesOf);

/** What is left of a match that has several colours. */
interface State {
  readonly ahead: { readonly end: number; readonly style: string | null }[];
}

/** The first words of a scope decide. */
const STYLES: readonly (readonly [string, string])[] = [
  ['comment.line.documentation', 'docComment'],
  ['comment', 'comment'],
  ['keyword.declaration', 'definitionKeyword'],
  ['keyword.operator.logical', 'keyword'],
  ['keyword.operator', 'operator'],
  ['keyword', 'keyword'],
  ['entity.name.function.call', 'functionName'],
  ['entity.name.function', 'definition'],
  ['support.type', 'typeName'],
  ['string', 'string'],
  ['constant', 'number'],
  ['variable', 'variableName'],
];
const styleOf = (scope: string | undefined): string | null =>
  STYLES.find(([start]) => scope?.startsWith(start))?.[1] ?? null;

function token(stream: StringStream, { ahead }: State): string | null {
  if (stream.sol()) ahead.length = 0;
  const next = ahead.shift();
  if (next !== undefined) {
    stream.pos = next.end;
    return next.style;
  }
  if (stream.eatSpace()) return null;
  for (const { match, name, captures } of RULES) {
    match.lastIndex = stream.pos;
    const found = match.exec(stream.string);
    if (found === null || found[0] === '') continue;
    const end = stream.pos + found[0].length;
    for (const [group, scope] of captures) {
      const [from, to] = found.indices?.[group] ?? [0, 0];
      if (from > (ahead.at(-1)?.end ?? stream.pos)) ahead.push({ end: from, style: null });
      ahead.push({ end: to, style: styleOf(scope) });
    }
    if ((ahead.at(-1)?.end ?? stream.pos) < end) ahead.push({ end, style: styleOf(name) });
    const first = ahead.shift()!;
    stream.pos = first.end;
    return first.style;
  }
  stream.next();
  return null;
}

export const LANGUAGE = StreamLanguage.define<State>({
  name: 'loss',
  startState: () => ({ ahead: [] }),
  copyState: ({ ahead }) => ({ ahead: [...ahead] }),
  token,
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
  tokenTable: {
    docComment: tags.docComment,
    definitionKeyword: tags.definitionKeyword,
    functionName: tags.function(tags.variableName),
    definition: tags.definition(tags.variableName),
  },
});

/** By variables of the page, which are other ones in the dark. */
export const COLOURS = HighlightStyle.define([
  { tag: tags.docComment, color: 'var(--doc)', fontStyle: 'italic' },
  { tag: tags.comment, color: 'var(--soft)', fontStyle: 'italic' },
  { tag: [tags.keyword, tags.definitionKeyword], color: 'var(--keyword)' },
  { tag: tags.function(tags.variableName), color: 'var(--call)' },
  { tag: tags.definition(tags.variableName), color: 'var(--ink)', fontWeight: '600' },
  { tag: tags.typeName, color: 'var(--type)' },
  { tag: tags.number, color: 'var(--number)' },
  { tag: tags.string, color: 'var(--string)' },
  { tag: tags.operator, color: 'var(--soft)' },
]);
