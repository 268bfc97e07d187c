import { type ExtensionContext, languages, window, workspace } from 'vscode';
import {
  type Executable,
  LanguageClient,
  type NodeModule,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import { RESTART } from './commands.js';
import { type FoundServer, findServer } from './find-server.js';

/** The setting for a lossc of one's own. */
export const PATH_SETTING = 'lossc.server.path';

const SELECTOR = [
  { language: 'loss', scheme: 'file' },
  { language: 'loss', scheme: 'untitled' },
];

const WHENCE: { readonly [K in FoundServer['from']]: string } = {
  workspace: 'of the workspace',
  setting: `of the setting ${PATH_SETTING}`,
  extension: 'of the extension',
};

/** The connection to a language server, and what the editor says of it. */
export class Client {
  readonly #context: ExtensionContext;
  readonly #status = languages.createLanguageStatusItem('lossc', SELECTOR);
  #client: LanguageClient | undefined;
  /** What is started or ended, one after another. */
  #turn: Promise<void> = Promise.resolve();

  constructor(context: ExtensionContext) {
    this.#context = context;
    this.#status.name = 'lossc';
    this.#status.command = { title: 'Restart', command: RESTART };
    context.subscriptions.push(this.#status);
  }

  /** Starts a server in the place of the one that runs. */
  restart(): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      await this.#end();
      await this.#start();
    });
    return this.#turn;
  }

  stop(): Promise<void> {
    this.#turn = this.#turn.then(() => this.#end());
    return this.#turn;
  }

  /** The server, once it runs; undefined where it could not be started. */
  async running(): Promise<LanguageClient | undefined> {
    await this.#turn;
    return this.#client?.isRunning() === true ? this.#client : undefined;
  }

  async #start(): Promise<void> {
    const folders = (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
    const server = await findServer({
      folders: workspace.isTrusted ? folders.map(({ uri }) => uri.fsPath) : [],
      setting: workspace.getConfiguration().get<string>(PATH_SETTING, '').trim(),
      extension: this.#context.extensionPath,
    });
    const client = new LanguageClient('lossc', 'lossc', optionsOf(server, folders[0]?.uri.fsPath), {
      documentSelector: SELECTOR,
      initializationOptions: { showsAnswers: true },
    });
    this.#client = client;
    this.#status.busy = true;
    this.#status.text = 'lossc';
    try {
      await client.start();
      const version = client.initializeResult?.serverInfo?.version ?? '';
      this.#status.text = `lossc ${version}`.trim();
      this.#status.detail = WHENCE[server.from];
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#status.detail = 'does not run';
      void window.showErrorMessage(
        `The lossc ${WHENCE[server.from]} (${server.path}) does not start: ${why}. Run "npm install" there, or change the setting ${PATH_SETTING}.`,
      );
    } finally {
      this.#status.busy = false;
    }
  }

  async #end(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that never ran, or has ended, cannot be asked to end.
    await client?.dispose().catch(() => undefined);
  }
}

function optionsOf({ kind, path, args }: FoundServer, cwd: string | undefined): ServerOptions {
  const options = cwd === undefined ? {} : { options: { cwd } };
  const own: NodeModule | Executable =
    kind === 'module'
      ? { module: path, args: [...args], transport: TransportKind.stdio, ...options }
      : { command: path, args: [...args], transport: TransportKind.stdio, ...options };
  return own;
}
