import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from 'vscode-languageserver';
import type { Definition } from '../../compiler/resolve/bindings.js';
import type { Span } from '../../grammar/tree/ast.js';
import { spanOf } from '../../grammar/tree/span.js';
import { RunError } from '../errors.js';
import { readSource, sourceName, sourcePath } from '../stdlib.js';
import { locationOf } from './diagnostics.js';
import type { Documents } from './documents.js';
import { Reading } from './reading.js';
import type { View } from './view.js';

/** Where a definition is used in one text. */
export interface Uses {
  readonly reading: Reading;
  readonly spans: readonly Span[];
}

/** Kinds of definitions that other files can name. */
const SHARED: ReadonlySet<Definition['kind']> = new Set([
  'loss',
  'sketch',
  'fn',
  'input',
  'parameter',
  'axis',
]);

/** What the name at an offset of a view stands for; nothing for names of the language. */
export function definedAt({ reading: { bindings } }: View, offset: number): Definition | undefined {
  const use = bindings.nameAt(offset);
  return use && bindings.definitionOf(use);
}

/** Every use of a definition, in the view's text first and then in the other files of the workspace. */
export function usesOf(documents: Documents, view: View, definition: Definition): readonly Uses[] {
  const own = usesIn(view.reading, definition);
  if (definition.at === undefined || !SHARED.has(definition.kind)) return [own];
  const path = sourcePath(definition.at.source.name);
  const others = workspaceReadings(documents, view).filter(
    (reading) => reading.imports.has(path) || sourcePath(reading.source.name) === path,
  );
  const found = [own, ...others.map((reading) => usesIn(reading, definition))];
  const isRead = found.some(({ reading }) => sourcePath(reading.source.name) === path);
  if (!isRead) {
    const home = documents.at(path)?.reading ?? new Reading(definition.at.source, documents.resolver(path));
    found.push(usesIn(home, definition));
  }
  return found.filter(({ spans }) => spans.length > 0);
}

/** Uses of a definition in a text that was read on its own: what is defined at the same place is the same. */
export function usesIn(reading: Reading, { kind, name, at }: Definition): Uses {
  const isSame = (other: Definition): boolean => {
    if (at === undefined || other.at === undefined)
      return other.at === at && other.kind === kind && other.name === name;
    return (
      spanOf(other.at.ident).start === spanOf(at.ident).start &&
      sourcePath(other.at.source.name) === sourcePath(at.source.name)
    );
  };
  const spans = [...reading.bindings.all].flatMap(([use, definition]) =>
    isSame(definition) ? [spanOf(use)] : [],
  );
  return { reading, spans: spans.sort((a, b) => a.start - b.start) };
}

/** Where the name at an offset of a view is used, with its definition or without. */
export function referencesAt(
  documents: Documents,
  view: View,
  offset: number,
  withDefinition: boolean,
): Location[] | undefined {
  const definition = definedAt(view, offset);
  if (definition === undefined) return undefined;
  return usesOf(documents, view, definition).flatMap(({ reading, spans }) =>
    spans
      .filter((span) => withDefinition || !isDefinition(reading, span, definition))
      .map((span) =>
        reading === view.reading
          ? { uri: view.document.uri, range: view.range(span) }
          : locationOf(documents, reading.source, span),
      ),
  );
}

const isDefinition = ({ source }: Reading, { start }: Span, { at }: Definition): boolean =>
  at !== undefined &&
  spanOf(at.ident).start === start &&
  sourcePath(at.source.name) === sourcePath(source.name);

/** Folders in which nobody keeps losses of their own. */
const SKIPPED = /^(?:\.|node_modules$)/;
/** More files than a workspace of losses has; beyond them nothing is looked at. */
const MOST_FILES = 2000;

/** The losses of the workspace, as they are in the editor or on the disk, but for those of a view. */
function workspaceReadings(documents: Documents, { document, reading }: View): readonly Reading[] {
  const open = documents.all.filter(({ uri }) => uri !== document.uri);
  const known = new Set([sourcePath(reading.source.name), ...open.map(({ path }) => path)]);
  const closed = lossFilesIn(documents.folders).filter((path) => !known.has(path));
  return [
    ...open.map(({ reading }) => reading),
    ...closed.flatMap((path) => {
      try {
        return new Reading({ ...readSource(path), name: sourceName(path) }, documents.resolver(path));
      } catch (error) {
        // A file that cannot be read names nothing.
        if (error instanceof RunError) return [];
        throw error;
      }
    }),
  ];
}

function lossFilesIn(folders: readonly string[]): readonly string[] {
  const found: string[] = [];
  const waiting = [...folders];
  for (
    let folder = waiting.pop();
    folder !== undefined && found.length < MOST_FILES;
    folder = waiting.pop()
  ) {
    for (const entry of entriesOf(folder)) {
      if (SKIPPED.test(entry.name)) continue;
      if (entry.isDirectory()) waiting.push(join(folder, entry.name));
      else if (entry.isFile() && entry.name.endsWith('.loss')) found.push(join(folder, entry.name));
    }
  }
  return found;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Gone, or not ours to read.
    return [];
  }
}
