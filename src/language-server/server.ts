import {
  createConnection,
  type InitializeParams,
  type InitializeResult,
  LogMessageNotification,
  MessageType,
  type Position,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { packageVersion } from '../version.js';
import { definitionAt } from './definition.js';
import { diagnosticsOf } from './diagnostics.js';
import { Documents, type OpenDocument, pathOf } from './documents.js';
import { formatting } from './format.js';
import { hoverAt } from './hover.js';
import { type View, viewAt } from './view.js';

/** Milliseconds after a change at which a text is checked: what has changed by then is checked once. */
const SOON = 10;

/** A language server on the streams of this process, until its client ends it. */
export function startServer(): void {
  const connection = createConnection(process.stdin, process.stdout);
  const editor = new TextDocuments(TextDocument);
  const documents = new Documents();

  connection.onInitialize((params): InitializeResult => {
    documents.folders = foldersOf(params);
    return {
      serverInfo: { name: 'lossc', version: packageVersion() },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        documentFormattingProvider: true,
      },
    };
  });

  const unchecked = new Set<string>();
  const checkAll = (): void => {
    const documentsNow = [...unchecked].flatMap((uri) => documents.find(uri) ?? []);
    unchecked.clear();
    for (const document of documentsNow) {
      const { uri, version } = document;
      try {
        void connection.sendDiagnostics({ uri, version, diagnostics: diagnosticsOf(documents, document) });
      } catch (error) {
        // A mistake of ours, outside of any request: the editor goes on with what is known.
        const message = error instanceof Error ? String(error.stack) : String(error);
        void connection.sendNotification(LogMessageNotification.type, { type: MessageType.Error, message });
      }
    }
  };
  const checkSoon = (uri: string): void => {
    if (unchecked.size === 0) setTimeout(checkAll, SOON);
    unchecked.add(uri);
  };

  editor.onDidChangeContent(({ document }) => {
    documents.change(document.uri, document.version, document.getText());
    checkSoon(document.uri);
    const path = pathOf(document.uri);
    const importing = documents.readAgain(
      (other) => path !== undefined && other.uri !== document.uri && other.reading.imports.has(path),
    );
    for (const { uri } of importing) checkSoon(uri);
  });
  editor.onDidClose(({ document }) => {
    documents.close(document.uri);
    void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
  });
  connection.onDidChangeWatchedFiles(() => {
    for (const { uri } of documents.readAgain(() => true)) checkSoon(uri);
  });

  /** Answers about a place in a document. */
  const at =
    <T>(answer: (view: View, offset: number, document: OpenDocument) => T | undefined) =>
    (params: { readonly textDocument: { readonly uri: string }; readonly position: Position }): T | null => {
      const document = documents.find(params.textDocument.uri);
      if (document === undefined) return null;
      const view = viewAt(document, params.position);
      return answer(view, view.offset(params.position), document) ?? null;
    };

  /** Answers about a document as a whole. */
  const of =
    <T>(answer: (document: OpenDocument) => T) =>
    ({ textDocument }: { readonly textDocument: { readonly uri: string } }): T | null => {
      const document = documents.find(textDocument.uri);
      return document === undefined ? null : answer(document);
    };

  connection.onHover(at(hoverAt));
  connection.onDefinition(at((view, offset) => definitionAt(documents, view, offset)));
  connection.onDocumentFormatting(of(formatting));

  editor.listen(connection);
  connection.listen();
}

/** The folders of the workspace, as paths. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
