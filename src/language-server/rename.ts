import type { Range, WorkspaceEdit } from 'vscode-languageserver';
import type { Definition } from '../../compiler/resolve/bindings.js';
import type { ImportResolver } from '../../compiler/resolve/program.js';
import { RESERVED } from '../../grammar/read/tokens/tokens.js';
import { spanOf } from '../../grammar/tree/span.js';
import { RunError } from '../errors.js';
import { sourcePath } from '../stdlib.js';
import { type Documents, linesOf } from './documents.js';
import { Reading } from './reading.js';
import { definedAt, type Uses, usesIn, usesOf } from './references.js';
import { rangeIn, type View } from './view.js';

/** The name at an offset of a view; throws a RunError that says why it cannot be renamed. */
export function renameable(view: View, offset: number): { range: Range; placeholder: string } | undefined {
  const use = view.reading.bindings.nameAt(offset);
  if (use === undefined) return undefined;
  const problem = problemOf(view, view.reading.bindings.definitionOf(use)!);
  if (problem !== undefined) throw new RunError(problem);
  return { range: view.range(spanOf(use)), placeholder: use.name };
}

/** Why something cannot be renamed. */
function problemOf(view: View, { kind, name, at }: Definition): string | undefined {
  if (at === undefined)
    return `"${name}" is ${kind === 'axis' ? 'the axis of the items' : `a ${kind} of the language`}`;
  if (at.source.name.startsWith('std/')) return `"${name}" belongs to the standard library`;
  return view.isPresent && view.reading.isWhole
    ? undefined
    : 'the text has syntax errors: correct them before renaming';
}

/** The edits that give another name to what stands at an offset, in all files of the workspace; throws a RunError that says why there are none. */
export function rename(
  documents: Documents,
  view: View,
  offset: number,
  name: string,
): WorkspaceEdit | undefined {
  const definition = definedAt(view, offset);
  if (definition === undefined) return undefined;
  const problem = problemOf(view, definition) ?? problemOfName(name);
  if (problem !== undefined) throw new RunError(problem);
  const found = usesOf(documents, view, definition);
  const changed = new Map(found.map((uses) => [sourcePath(uses.reading.source.name), renamed(uses, name)]));
  for (const uses of found) {
    const why = harm(uses, name, changed);
    if (why !== undefined) throw new RunError(why);
  }
  return {
    changes: Object.fromEntries(
      found.map(({ reading: { source }, spans }) => {
        const text = linesOf(source.text);
        const edits = spans.map((span) => ({ range: rangeIn(text, span), newText: name }));
        return [documents.uriOf(source), edits];
      }),
    ),
  };
}

function problemOfName(name: string): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    return `"${name}" is not a valid name: names are made of letters, digits and _`;
  return RESERVED.some(({ PATTERN }) => PATTERN === name) ? `"${name}" is a reserved word` : undefined;
}

function renamed({ reading, spans }: Uses, name: string): string {
  const { text } = reading.source;
  const ends = [0, ...spans.map(({ end }) => end)];
  const pieces = spans.map(({ start }, i) => text.slice(ends[i], start) + name);
  return pieces.join('') + text.slice(ends.at(-1));
}

/** What would be wrong with a file under the new name: a name that is there already, or that stands for something else now. */
function harm(
  { reading, spans }: Uses,
  name: string,
  changed: ReadonlyMap<string, string>,
): string | undefined {
  const { source, module } = reading;
  const resolve: ImportResolver = (specifier, from) => {
    const found = module.resolve(specifier, from);
    const text = 'problem' in found ? undefined : changed.get(sourcePath(found.name));
    return 'problem' in found || text === undefined ? found : { name: found.name, text };
  };
  const after = new Reading({ name: source.name, text: changed.get(sourcePath(source.name))! }, resolve);
  const [before, now] = [errorsOf(reading), errorsOf(after)];
  if (now.length > before.length) return now.find((message) => !before.includes(message)) ?? now[0];
  const use = after.bindings.nameAt(spans[0]!.start);
  const definition = use && after.bindings.definitionOf(use);
  return definition !== undefined && usesIn(after, definition).spans.length === spans.length
    ? undefined
    : `"${name}" already means something else in ${source.name}`;
}

const errorsOf = ({ errors }: Reading): readonly string[] => errors.map(({ message }) => message);
