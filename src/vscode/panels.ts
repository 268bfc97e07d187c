import { randomBytes } from 'node:crypto';
import { type Disposable, ViewColumn, type WebviewPanel, window } from 'vscode';
import type { Answer, CommandName } from '../language-server/commands.js';
import { pageOf } from './page.js';

/** What a panel is asked about: a loss, a test, or all of a document. */
export interface Subject {
  readonly uri: string;
  readonly name?: string;
  /** Which of the tests. */
  readonly index?: number;
}

/** Asks the server; undefined where it does not run. */
export type Ask = (command: CommandName, subject: Subject) => Promise<Answer | undefined>;

const TITLES: { readonly [K in CommandName]: string } = {
  'lossc.explain': 'Explanation',
  'lossc.plot': 'Plot',
  'lossc.gradient': 'Gradient',
  'lossc.test': 'Tests',
};

interface Panel {
  readonly view: WebviewPanel;
  subject: Subject;
}

/** Panels beside the text, one for each command, which follow the file that they are about. */
export class Panels implements Disposable {
  readonly #ask: Ask;
  readonly #open = new Map<CommandName, Panel>();

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Asks, and shows the answer beside the text. */
  async show(command: CommandName, subject: Subject): Promise<void> {
    const answer = await this.#ask(command, subject);
    if (answer === undefined) return;
    const panel = this.#open.get(command) ?? this.#create(command, subject);
    panel.subject = subject;
    this.#fill(command, panel, answer);
    panel.view.reveal(undefined, true);
  }

  /** Asks again what is shown of a document. */
  async refresh(uri: string): Promise<void> {
    for (const [command, panel] of this.#open) {
      const { subject } = panel;
      if (subject.uri !== uri) continue;
      const answer = await this.#ask(command, subject);
      if (answer !== undefined && panel.subject === subject && this.#open.get(command) === panel)
        this.#fill(command, panel, answer);
    }
  }

  dispose(): void {
    for (const { view } of this.#open.values()) view.dispose();
  }

  #create(command: CommandName, subject: Subject): Panel {
    const view = window.createWebviewPanel(
      command,
      TITLES[command],
      { viewColumn: ViewColumn.Beside, preserveFocus: true },
      { enableScripts: false, localResourceRoots: [] },
    );
    const panel: Panel = { view, subject };
    this.#open.set(command, panel);
    view.onDidDispose(() => this.#open.delete(command));
    return panel;
  }

  #fill(command: CommandName, { view, subject: { uri, name } }: Panel, answer: Answer): void {
    const place = decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
    const heading = name === undefined ? TITLES[command] : `${TITLES[command]} of ${name}`;
    view.title = heading;
    view.webview.html = pageOf({ heading, place, answer }, randomBytes(16).toString('base64'));
  }
}
