import { existsSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ImportResolver } from '../../compiler/resolve/program.js';
import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import { importResolver, sourceName, sourcePath } from '../stdlib.js';
import { Reading } from './reading.js';

/** A document as an editor has it now. */
export interface OpenDocument {
  readonly uri: string;
  /** The editor counts what is typed. */
  readonly version: number;
  /** Where it stands; undefined for what is in no file yet. */
  readonly path: string | undefined;
  /** The text with its lines; not changed by what is typed later. */
  readonly text: TextDocument;
  readonly reading: Reading;
  /** The last text that could be read whole, where the present one cannot: names are looked up there while one types. */
  readonly earlier: Reading | undefined;
}

const LANGUAGE = 'loss';

/** A text with its lines and columns as editors count them. */
export const linesOf = (text: string): TextDocument => TextDocument.create('', LANGUAGE, 0, text);

/** Where the file of a URI stands; undefined for a document that is in no file. */
export function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** What an editor has open. What one document imports is read as it is in the editor, saved or not. */
export class Documents {
  readonly #open = new Map<string, OpenDocument>();
  /** Folders of the workspace, as paths. */
  folders: readonly string[] = [];

  get all(): readonly OpenDocument[] {
    return [...this.#open.values()];
  }

  find(uri: string): OpenDocument | undefined {
    return this.#open.get(uri);
  }

  /** The document of a file, if it is open. */
  at(path: string): OpenDocument | undefined {
    return this.all.find((one) => one.path === path);
  }

  /** Takes the text that a document has now. */
  change(uri: string, version: number, text: string): void {
    const path = pathOf(uri);
    const source = { name: path === undefined ? uri : sourceName(path), text };
    this.#read({ uri, version, path }, source);
  }

  close(uri: string): void {
    this.#open.delete(uri);
  }

  /** Reads a document again, and those that import it: their text is the same, and what it means may not be. */
  readAgain(concerned: (document: OpenDocument) => boolean): readonly OpenDocument[] {
    const stale = this.all.filter(concerned);
    for (const document of stale) this.#read(document, document.reading.source);
    return stale.map(({ uri }) => this.#open.get(uri)!);
  }

  #read({ uri, version, path }: Pick<OpenDocument, 'uri' | 'version' | 'path'>, source: Source): void {
    const before = this.#open.get(uri);
    const reading = new Reading(source, this.resolver(path));
    const sound = before?.reading.isWhole === true ? before.reading : before?.earlier;
    const earlier = reading.isWhole ? undefined : sound;
    this.#open.set(uri, { uri, version, path, text: linesOf(source.text), reading, earlier });
  }

  /** Reads imports from the editor where they are open there, and else from the disk. */
  resolver(path: string | undefined): ImportResolver {
    const resolve = importResolver(
      path !== undefined && existsSync(dirname(path)) ? path : '-',
      this.#workspaceOf(path),
    );
    return (specifier, from) => {
      const found = resolve(specifier, from);
      if ('problem' in found) return found;
      const open = this.at(sourcePath(found.name));
      return open === undefined ? found : { name: found.name, text: open.reading.source.text };
    };
  }

  #workspaceOf(path: string | undefined): string | undefined {
    return this.folders.find((folder) => path?.startsWith(folder + sep) === true && existsSync(folder));
  }

  /** The URI of a source: the one that the editor gave where it is open. */
  uriOf({ name }: Source): string {
    if (this.#open.has(name)) return name;
    const path = sourcePath(name);
    return this.at(path)?.uri ?? pathToFileURL(path).href;
  }
}
