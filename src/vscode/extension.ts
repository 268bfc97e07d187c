import {
  commands,
  type DocumentSymbol,
  type ExtensionContext,
  SymbolKind,
  type TextEditor,
  window,
  workspace,
} from 'vscode';
import { type ExecuteCommandParams, ExecuteCommandRequest } from 'vscode-languageclient/node';
import type { Answer, CommandName } from '../language-server/commands.js';
import { Client, PATH_SETTING } from './client.js';
import { ASKED, RESTART } from './commands.js';
import { Panels, type Subject } from './panels.js';

let client: Client | undefined;

/** Called by the editor when a file in the language is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  const own = new Client(context);
  client = own;
  const panels = new Panels((command, subject) => ask(own, command, subject));
  context.subscriptions.push(panels);
  const register = (name: string, run: (...given: unknown[]) => Promise<void>): void => {
    context.subscriptions.push(commands.registerCommand(name, run));
  };
  for (const name of Object.keys(ASKED) as CommandName[])
    register(name, async (...given) => {
      const subject = givenSubject(given) ?? (await activeSubject(name));
      if (subject !== undefined) await panels.show(name, subject);
    });
  register(RESTART, () => own.restart());
  context.subscriptions.push(
    workspace.onDidSaveTextDocument(({ uri }) => panels.refresh(uri.toString())),
    workspace.onDidGrantWorkspaceTrust(() => own.restart()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(PATH_SETTING)) void own.restart();
    }),
  );
  await own.restart();
}

/** Called by the editor when it ends. */
export function deactivate(): Promise<void> | undefined {
  return client?.stop();
}

async function ask(client: Client, command: CommandName, subject: Subject): Promise<Answer | undefined> {
  const server = await client.running();
  if (server === undefined) {
    void window.showErrorMessage('lossc does not run: see the output channel "lossc".');
    return undefined;
  }
  const { uri, name, index } = subject;
  const params: ExecuteCommandParams = { command, arguments: [uri, name ?? null, index ?? null] };
  try {
    return (await server.sendRequest(ExecuteCommandRequest.type, params)) as Answer;
  } catch (error) {
    void window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** What a code lens tells; undefined where the command was called by its name, or from a menu. */
function givenSubject([uri, name, index]: readonly unknown[]): Subject | undefined {
  if (typeof uri !== 'string') return undefined;
  return {
    uri,
    ...(typeof name === 'string' && { name }),
    ...(typeof index === 'number' && { index }),
  };
}

/** What a command is about that is called in an editor. */
async function activeSubject(command: CommandName): Promise<Subject | undefined> {
  const editor = window.activeTextEditor;
  if (editor?.document.languageId !== 'loss') {
    void window.showInformationMessage('Open a .loss file first.');
    return undefined;
  }
  const uri = editor.document.uri.toString();
  const name = ASKED[command] === 'document' ? undefined : await lossAtCursor(editor);
  return { uri, ...(name !== undefined && { name }) };
}

/** The loss that the cursor is in or below; the first of the file where it is above all of them. */
async function lossAtCursor({ document, selection }: TextEditor): Promise<string | undefined> {
  const symbols = await commands.executeCommand<readonly DocumentSymbol[] | undefined>(
    'vscode.executeDocumentSymbolProvider',
    document.uri,
  );
  const losses = (symbols ?? []).filter(
    ({ kind, detail }) => kind === SymbolKind.Function && detail === 'loss',
  );
  const above = losses.filter(({ range }) => range.start.line <= selection.active.line);
  return (above.at(-1) ?? losses[0])?.name;
}
