import {
  CodeActionKind,
  createConnection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LogMessageNotification,
  LSPErrorCodes,
  MessageType,
  type Position,
  type RenameParams,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { RunError } from '../errors.js';
import { packageVersion } from '../version.js';
import { actionsIn } from './actions.js';
import { COMMANDS, execute } from './commands.js';
import { completionAt } from './completion.js';
import { definitionAt } from './definition.js';
import { diagnosticsOf } from './diagnostics.js';
import { Documents, type OpenDocument, pathOf } from './documents.js';
import { formatting } from './format.js';
import { hoverAt } from './hover.js';
import { lensesOf } from './lenses.js';
import { referencesAt } from './references.js';
import { rename, renameable } from './rename.js';
import { show } from './show.js';
import { signatureAt } from './signature.js';
import { symbolsOf } from './symbols.js';
import { LEGEND, tokensOf } from './tokens.js';
import { type View, viewAt } from './view.js';

/** Milliseconds after a change at which a text is checked: what has changed by then is checked once. */
const SOON = 10;

/** A language server on the streams of this process, until its client ends it. `onClient` is called when one has said hello. */
export function startServer(onClient = (): void => {}): void {
  const connection = createConnection(process.stdin, process.stdout);
  const editor = new TextDocuments(TextDocument);
  const documents = new Documents();

  let canShow = false;
  let canWatch = false;
  let answersAreShown = false;

  connection.onInitialize((params): InitializeResult => {
    onClient();
    canShow = params.capabilities.window?.showDocument?.support === true;
    canWatch = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    answersAreShown = showsAnswers(params);
    documents.folders = foldersOf(params);
    return {
      serverInfo: { name: 'lossc', version: packageVersion() },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        hoverProvider: true,
        definitionProvider: true,
        referencesProvider: true,
        renameProvider: { prepareProvider: true },
        completionProvider: { triggerCharacters: [':', '[', '(', '"', '/'] },
        signatureHelpProvider: { triggerCharacters: ['(', ','] },
        documentSymbolProvider: true,
        semanticTokensProvider: { legend: LEGEND, full: true },
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        codeLensProvider: {},
        // A client that shows answers has commands of these names itself, and asks for the answers.
        ...(!answersAreShown && { executeCommandProvider: { commands: [...COMMANDS] } }),
        documentFormattingProvider: true,
      },
    };
  });

  // Files that are not open change too, and editors tell of those that they are asked to watch.
  connection.onInitialized(() => {
    const watchers = [{ globPattern: '**/*.loss' }];
    if (canWatch) void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
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

  /** Checks again what imports a document: its text in the editor counts, and once it is closed that on the disk. */
  const checkImporting = (uri: string): void => {
    const path = pathOf(uri);
    const isConcerned = (other: OpenDocument): boolean =>
      path !== undefined && other.uri !== uri && other.reading.imports.has(path);
    for (const document of documents.readAgain(isConcerned)) checkSoon(document.uri);
  };
  editor.onDidChangeContent(({ document }) => {
    const { uri, version } = document;
    documents.change(uri, version, document.getText());
    checkSoon(uri);
    checkImporting(uri);
  });
  editor.onDidClose(({ document: { uri } }) => {
    documents.close(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    checkImporting(uri);
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
  connection.onReferences((params) =>
    at((view, offset) => referencesAt(documents, view, offset, params.context.includeDeclaration))(params),
  );
  connection.onPrepareRename(refusing(at(renameable)));
  connection.onRenameRequest(
    refusing((params: RenameParams) =>
      at((view, offset) => rename(documents, view, offset, params.newName))(params),
    ),
  );
  connection.onDocumentFormatting(of(formatting));
  connection.onDocumentSymbol(of(symbolsOf));
  connection.onCodeLens(of(lensesOf));
  connection.onCodeAction((params) => of((document) => actionsIn(documents, document, params.range))(params));
  connection.onCompletion((params) => of((document) => completionAt(document, params.position))(params));
  connection.onSignatureHelp((params) =>
    of((document) => signatureAt(document, params.position) ?? null)(params),
  );
  connection.languages.semanticTokens.on((params) => of(tokensOf)(params) ?? { data: [] });
  connection.onExecuteCommand(({ command, arguments: given = [] }) => {
    const document = documents.find(String(given[0]));
    const answer = document && execute(command, given, document);
    if (answer === undefined)
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        `${command}: there is no such command, or the document is not open`,
      );
    if (answersAreShown) return answer;
    show(connection, answer, canShow);
    return answer.text;
  });

  editor.listen(connection);
  connection.listen();
}

/** An answer that may be refused, as the protocol tells it. */
const refusing =
  <P, T>(answer: (params: P) => T) =>
  (params: P): T => {
    try {
      return answer(params);
    } catch (error) {
      if (error instanceof RunError) throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
      throw error;
    }
  };

/** Whether the client shows what commands answer, which is then returned whole: `initializationOptions: { showsAnswers: true }`. */
function showsAnswers({ initializationOptions: given }: InitializeParams): boolean {
  return (
    typeof given === 'object' && given !== null && 'showsAnswers' in given && given.showsAnswers === true
  );
}

/** The folders of the workspace, as paths. */
function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri === null ? [] : [rootUri]);
  return uris.flatMap((uri) => pathOf(uri) ?? []);
}
