import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
} from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CLI, scratch } from '../helpers/command-line.js';

/** `lossc lsp` as an editor starts it, and the protocol's own client, with one folder as the workspace. */
export class Client {
  readonly #process: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly folder: string;
  readonly closed: Promise<number | null>;
  /** What the server said last of each document, and of which version. */
  readonly #told = new Map<
    string,
    { readonly version: number | undefined; readonly diagnostics: readonly Diagnostic[] }
  >();
  readonly #waiting = new Set<() => void>();
  readonly #texts = new Map<string, { version: number; text: string }>();
  /** What the server writes on standard error. */
  stderr = '';

  constructor(
    files: Readonly<Record<string, string>> = {},
    server: readonly string[] = [...CLI, 'lsp', '--stdio'],
  ) {
    this.folder = scratch(files);
    const child = spawn(process.execPath, [...server], { cwd: this.folder, stdio: 'pipe' });
    this.#process = child;
    child.stderr.on('data', (chunk) => {
      this.stderr += chunk;
    });
    this.closed = new Promise((resolve) => child.on('close', resolve));
    this.connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, version, diagnostics }) => {
      this.#told.set(uri, { version, diagnostics });
      for (const wake of this.#waiting) wake();
    });
    this.connection.listen();
    // Else what a server that has ended was asked would be waited for.
    void this.closed.then(() => this.connection.dispose());
  }

  async initialize(
    capabilities: ClientCapabilities = {},
    initializationOptions?: object,
  ): Promise<InitializeResult> {
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(this.folder).href,
      workspaceFolders: [{ uri: pathToFileURL(this.folder).href, name: 'folder' }],
      capabilities,
      ...(initializationOptions !== undefined && { initializationOptions }),
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  /** Opens a file of the folder, with the text that it has there unless told. */
  async open(name: string, text = readFileSync(join(this.folder, name), 'utf8')): Promise<string> {
    const uri = this.uri(name);
    if (this.#texts.has(uri)) await this.closeDocument(uri);
    this.#texts.set(uri, { version: 1, text });
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'loss', version: 1, text },
    });
    return uri;
  }

  async closeDocument(uri: string): Promise<void> {
    this.#texts.delete(uri);
    await this.connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    await this.until(uri, (_, version) => version === undefined);
    this.#told.delete(uri);
  }

  /** A document of its own with this text. */
  async text(text: string, name = 'mine.loss'): Promise<string> {
    writeFileSync(join(this.folder, name), text);
    return this.open(name, text);
  }

  /** Replaces what stands from an offset on, as an editor tells of it. */
  async edit(uri: string, start: number, length: number, newText: string): Promise<void> {
    const before = this.#texts.get(uri)!;
    const text = before.text.slice(0, start) + newText + before.text.slice(start + length);
    const version = before.version + 1;
    const range = { start: positionIn(before.text, start), end: positionIn(before.text, start + length) };
    this.#texts.set(uri, { version, text });
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ range, text: newText }],
    });
  }

  /** The text of a document with edits in it, as an editor makes them. */
  edited(uri: string, edits: readonly TextEdit[]): string {
    const { text } = this.#texts.get(uri)!;
    return TextDocument.applyEdits(TextDocument.create(uri, 'loss', 1, text), [...edits]);
  }

  textOf(uri: string): string {
    return this.#texts.get(uri)!.text;
  }

  /** The position in front of the n-th occurrence of a text, moved by some characters. */
  at(uri: string, part: string, n = 1, by = 0): { textDocument: { uri: string }; position: Position } {
    let offset = -1;
    for (let i = 0; i < n; i += 1) offset = this.textOf(uri).indexOf(part, offset + 1);
    if (offset < 0) throw new Error(`${part} is not in the text`);
    return { textDocument: { uri }, position: positionIn(this.textOf(uri), offset + by) };
  }

  /** What the server says of the text that a document has now. */
  async diagnostics(uri: string): Promise<readonly Diagnostic[]> {
    const { version } = this.#texts.get(uri)!;
    for (;;) {
      const told = this.#told.get(uri);
      if (told?.version === version) return told.diagnostics;
      await this.#next();
    }
  }

  /** Waits until what the server says of a document fulfils a condition. */
  async until(
    uri: string,
    holds: (diagnostics: readonly Diagnostic[], version: number | undefined) => boolean,
  ): Promise<void> {
    for (;;) {
      const told = this.#told.get(uri);
      if (told !== undefined && holds(told.diagnostics, told.version)) return;
      await this.#next();
    }
  }

  #next(): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      void this.closed.then(() => reject(new Error(`the server has ended: ${this.stderr}`)));
    });
  }

  /** Ends the server as an editor does; its exit code. */
  async close(): Promise<number | null> {
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return this.closed;
  }

  /** Ends the connection without a word. */
  hangUp(): Promise<number | null> {
    this.#process.stdin!.end();
    return this.closed;
  }
}

/** A position as the protocol counts, in UTF-16 units. */
export function positionIn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}
