import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type CompletionItem, CompletionItemKind, type Position, type TextEdit } from 'vscode-languageserver';
import { DOMAINS, type DomainRow } from '../../compiler/resolve/domains.js';
import { CONSTANTS, FUNCTIONS, type FunctionRow, usageOf } from '../../compiler/resolve/functions.js';
import { importFix } from '../../compiler/resolve/import-fix.js';
import type { Callable } from '../../compiler/resolve/program.js';
import * as t from '../../grammar/read/tokens/tokens.js';
import { stdlibNames } from '../stdlib.js';
import { callAround, calleeIn, namedArgument } from './calls.js';
import type { OpenDocument } from './documents.js';
import { headOf } from './names.js';
import { type Frame, type Keyword, type Local, type Outline, outlineAt } from './outline.js';
import { exportedBy, standardNames } from './standard.js';
import { editOf, rangeIn } from './view.js';

/** A name that fits, before what it replaces is known. */
interface Fitting {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly detail?: string | undefined;
  readonly doc?: string | undefined;
  /** What is written; the label by default. */
  readonly text?: string;
  readonly also?: readonly TextEdit[];
  /** Likely ones are listed first: from 0 on. */
  readonly rank?: number;
}

/** What could be written at a position. */
export function completionAt(document: OpenDocument, position: Position): CompletionItem[] {
  const { text } = document;
  const outline = outlineAt(text.getText(), text.offsetAt(position));
  if (outline.isComment) return [];
  const range = rangeIn(
    text,
    outline.string === undefined ? outline.word : inside(outline.string, text.getText()),
  );
  const seen = new Set<string>();
  return fittingAt(document, outline).flatMap(
    ({ label, kind, detail, doc, text: written, also, rank = 5 }) => {
      if (seen.has(label)) return [];
      seen.add(label);
      return {
        label,
        kind,
        sortText: `${rank}${label}`,
        textEdit: { range, newText: written ?? label },
        ...(detail !== undefined && { detail }),
        ...(doc !== undefined && doc !== '' && { documentation: doc }),
        ...(also !== undefined && { additionalTextEdits: [...also] }),
      };
    },
  );
}

/** A string without its quotes, of which the second may not be there yet. */
const inside = ({ start, end }: Outline['word'], text: string): Outline['word'] => ({
  start: start + 1,
  end: end - 1 > start && text[end - 1] === text[start] ? end - 1 : end,
});

function fittingAt(document: OpenDocument, outline: Outline): readonly Fitting[] {
  const { keyword, before, frames, isBody, beginsLine } = outline;
  if (outline.string !== undefined) return before.at(-1)?.tokenType === t.From ? files(document) : [];
  const declarations = beginsLine && frames.length === 0 ? keywords(DECLARATIONS) : [];
  if (keyword === undefined) return declarations;
  // A name of one's own.
  if (before.length === 1 && keyword !== 'test' && keyword !== 'import') return [];
  if (before.at(-1)?.tokenType === t.Let) return [];
  const inside = WITHIN[keyword](document, outline);
  return isBody || frames.length > 0 || before.length === 1 ? [...inside, ...declarations] : declarations;
}

type Within = (document: OpenDocument, outline: Outline) => readonly Fitting[];

/** What fits in a declaration, by its keyword. */
const WITHIN: { readonly [K in Keyword]: Within } = {
  loss: (document, outline) => (outline.isBody ? ofBody(document, outline) : ofSignature(outline)),
  sketch: (document, outline) => {
    if (!outline.isBody) return ofSignature(outline);
    const list = outline.before.findLast(
      ({ tokenType }) => tokenType === t.Operators || tokenType === t.Leaves,
    );
    if (list === undefined)
      return [...ofBody(document, outline), ...keywords(['with', 'operators', 'leaves'])];
    return list.tokenType === t.Leaves ? leaves(outline) : [...operators(document), ...keywords(['leaves'])];
  },
  fn: (document, outline) => (outline.isBody ? ofBody(document, outline) : []),
  test: ofTest,
  import: ofImport,
};

const DECLARATIONS = ['loss', 'fn', 'sketch', 'test', 'import'] as const;
const IN_BODY = ['let', 'if', 'then', 'else', 'where', 'and', 'or', 'not'] as const;

const keywords = (words: readonly string[]): readonly Fitting[] =>
  words.map((label) => ({ label, kind: CompletionItemKind.Keyword, rank: 7 }));

const LOCAL_KINDS: { readonly [K in Local['kind']]: CompletionItemKind } = {
  input: CompletionItemKind.Variable,
  parameter: CompletionItemKind.Property,
  let: CompletionItemKind.Variable,
  axis: CompletionItemKind.TypeParameter,
};

const local = ({ kind, name, text }: Local, rank = 1): Fitting => ({
  label: name,
  kind: LOCAL_KINDS[kind],
  detail: text === name ? kind : text,
  rank,
});

function ofSignature({ before, frames, locals }: Outline): readonly Fitting[] {
  const last = before.at(-1)?.tokenType;
  if (frames.at(-1)?.open.tokenType === t.LeftSquare)
    return locals.filter(({ kind }) => kind === 'axis').map((one) => local(one));
  if (last === t.Colon)
    return Object.entries<DomainRow>(DOMAINS).map(([label, { doc }]) => ({
      label,
      kind: CompletionItemKind.Class,
      detail: doc,
    }));
  if (last === t.RightSquare) return keywords([t.OVER]);
  const begins = last === t.LeftParen || last === t.Comma;
  if (frames.length !== 1 || !begins) return [];
  const usual = ['target', 'prediction'].filter((name) => !locals.some((one) => one.name === name));
  return [
    ...usual.map((label) => ({ label, kind: CompletionItemKind.Variable, detail: 'input' })),
    ...keywords(['data']),
  ];
}

function ofBody(document: OpenDocument, outline: Outline): readonly Fitting[] {
  const frame = callAround(outline);
  const isAxis = frame !== undefined && takesAxis(document, frame);
  return [
    ...(frame === undefined ? [] : options(document, frame)),
    ...outline.locals.map((one) => local(one, isAxis === (one.kind === 'axis') ? 1 : 3)),
    {
      label: 'batch',
      kind: CompletionItemKind.TypeParameter,
      detail: 'the axis of the items',
      rank: isAxis ? 2 : 6,
    },
    ...functions(() => true),
    // No loss calls itself.
    ...callables(document, ({ kind, name }) => kind !== 'sketch' && name.name !== outline.name),
    ...Object.keys(CONSTANTS).map((label) => ({ label, kind: CompletionItemKind.Constant, rank: 6 })),
    ...keywords(IN_BODY),
    ...standard(document),
  ];
}

/** Is the argument at the offset the name of an axis? */
function takesAxis(document: OpenDocument, { callee, commas }: Frame): boolean {
  const found = calleeIn(document, callee!.image);
  if (found?.kind !== 'function') return false;
  const { row } = found;
  return row.kind === 'axis' ? row.takes[commas] === 'axis' : row.kind !== 'values' && commas > 0;
}

/** What is given by name in a call of a loss: its parameters, and its axes. */
function options(document: OpenDocument, frame: Frame): readonly Fitting[] {
  const found = calleeIn(document, frame.callee!.image);
  if (found?.kind !== 'declared' || found.decl.kind === 'fn' || namedArgument(frame) !== undefined) return [];
  const { decl } = found;
  if (frame.commas < decl.inputs.length) return [];
  return decl.parameters.map(({ name: { name } }) => ({
    label: `${name} =`,
    text: `${name} = `,
    kind: CompletionItemKind.Property,
    detail: `parameter of ${decl.name.name}`,
    rank: 0,
  }));
}

const functions = (fits: (row: FunctionRow) => boolean): readonly Fitting[] =>
  Object.entries<FunctionRow>(FUNCTIONS)
    .filter(([, row]) => fits(row))
    .map(([label, row]) => ({
      label,
      kind: CompletionItemKind.Function,
      detail: usageOf(label, row),
      doc: row.doc,
      rank: 4,
    }));

/** Losses and functions that the file declares or imports. */
function callables(
  { reading, earlier }: OpenDocument,
  fits: (decl: Callable) => boolean,
): readonly Fitting[] {
  const known = [...reading.module.callables.values(), ...(earlier?.module.callables.values() ?? [])];
  return known
    .filter(({ decl }) => fits(decl))
    .map(({ decl, module }) => ({
      label: decl.name.name,
      kind: CompletionItemKind.Function,
      detail: headOf(decl, module.source),
      doc: decl.doc,
      rank: 2,
    }));
}

/** What the standard library has besides, with the import that it needs. */
function standard(document: OpenDocument): readonly Fitting[] {
  const { callables: own } = document.reading.module;
  return standardNames()
    .filter(({ decl }) => !own.has(decl.name.name))
    .map(({ decl, from }) => ({
      label: decl.name.name,
      kind: CompletionItemKind.Function,
      detail: `${decl.kind} of ${from}`,
      doc: decl.doc,
      also: [editOf(document.text, importFix(document.reading.file, decl.name.name, from))],
      rank: 8,
    }));
}

const operators = (document: OpenDocument): readonly Fitting[] => [
  ...functions(({ kind }) => kind === 'values' || kind === 'both'),
  ...callables(document, ({ kind }) => kind === 'fn'),
];

const leaves = ({ locals }: Outline): readonly Fitting[] => [
  ...locals.filter(({ kind }) => kind === 'input' || kind === 'parameter').map((one) => local(one)),
  ...Object.entries<DomainRow>(DOMAINS)
    .filter(([, { drawn }]) => drawn)
    .map(([label, { doc }]) => ({ label, kind: CompletionItemKind.Class, detail: doc })),
];

function ofTest(document: OpenDocument, { before, name, frames }: Outline): readonly Fitting[] {
  if (before.length === 1) return callables(document, ({ kind }) => kind === 'loss');
  const found = name === undefined ? undefined : calleeIn(document, name);
  if (frames.length !== 1 || found?.kind !== 'declared' || found.decl.kind !== 'loss') return [];
  const { inputs, parameters } = found.decl;
  const last = before.at(-1)!;
  if (last.image === 'gradient')
    return inputs.map((input) => ({ label: input.name.name, kind: CompletionItemKind.Variable, rank: 1 }));
  if ([t.Equals, t.Tilde].includes(last.tokenType)) return [];
  return [
    ...[...inputs, ...parameters].map((item) => ({
      label: item.name.name,
      text: `${item.name.name} = `,
      kind: CompletionItemKind.Variable,
      rank: 1,
    })),
    ...['value', 'gradient'].map((label) => ({
      label,
      text: label === 'value' ? 'value ~ ' : 'gradient ',
      kind: CompletionItemKind.Keyword,
      rank: 2,
    })),
  ];
}

function ofImport({ reading }: OpenDocument, { frames, after, before }: Outline): readonly Fitting[] {
  if (frames.length === 0) return before.at(-1)?.tokenType === t.RightCurly ? keywords(['from']) : [];
  const close = after.findIndex(({ tokenType }) => tokenType === t.RightCurly);
  const [from, text] = [after[close + 1], after[close + 2]];
  if (close < 0 || from?.tokenType !== t.From || text?.tokenType !== t.Text) return [];
  const found = reading.module.resolve(text.image.slice(1, -1), reading.source);
  return 'problem' in found
    ? []
    : exportedBy(found).map(({ decl, source }) => ({
        label: decl.name.name,
        kind: CompletionItemKind.Function,
        detail: headOf(decl, source),
        doc: decl.doc,
      }));
}

/** What an import can name: files of the standard library, and those beside the document. */
function files({ path }: OpenDocument): readonly Fitting[] {
  const beside = path === undefined ? [] : besideOf(path);
  return [...beside.map((name) => `./${name}`), ...stdlibNames().map((name) => `std/${name}`)].map(
    (label) => ({
      label,
      kind: CompletionItemKind.File,
      rank: label.startsWith('.') ? 1 : 2,
    }),
  );
}

function besideOf(path: string): readonly string[] {
  try {
    return readdirSync(dirname(path)).filter((name) => name.endsWith('.loss') && !path.endsWith(`/${name}`));
  } catch {
    // A folder that is not there, or may not be read, has nothing to offer.
    return [];
  }
}
