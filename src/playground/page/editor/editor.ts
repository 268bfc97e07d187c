import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import type { Edit, Mistake } from '../../messages.js';
import type { Client } from '../client.js';
import { COLOURS, LANGUAGE } from './highlight.js';
import {
  goTo,
  type NameCommand,
  type NameCommands,
  type NameEvents,
  nameCommands,
  nameKeys,
} from './names.js';
import { diagnosticOf, services } from './services.js';
import { THEME } from './theme.js';

interface EditorEvents extends NameEvents {
  readonly onText: (text: string) => void;
  readonly onCursor: (offset: number) => void;
  readonly onFormat: () => void;
  /** Escape was pressed where it closes nothing: the keyboard wants to go on elsewhere. */
  readonly onLeave: () => void;
}

/** The editor of the page. */
export class Editor {
  readonly #view: EditorView;
  readonly #names: NameCommands;

  /** Stands in a shadow root, where style sheets that a script makes need no exception from the policy of the page. */
  constructor(host: HTMLElement, text: string, client: Client, events: EditorEvents) {
    const { onText, onCursor, onFormat, onLeave } = events;
    this.#names = nameCommands(client, events);
    const root = host.attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          lintGutter(),
          LANGUAGE,
          syntaxHighlighting(COLOURS),
          THEME,
          services(client),
          nameKeys(this.#names),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Text of the losses', spellcheck: 'false' }),
          keymap.of([
            {
              key: 'Shift-Alt-f',
              run: () => {
                onFormat();
                return true;
              },
            },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            ...completionKeymap,
            ...lintKeymap,
            {
              key: 'Escape',
              run: () => {
                onLeave();
                return true;
              },
            },
          ]),
          EditorView.updateListener.of(({ docChanged, selectionSet, state }) => {
            if (docChanged) onText(state.doc.toString());
            if (docChanged || selectionSet) onCursor(state.selection.main.head);
          }),
        ],
      }),
    });
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  /** Another text, which undoing takes back. */
  replace(text: string): void {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
    });
  }

  edit(edits: readonly Edit[]): void {
    this.#view.dispatch({ changes: edits.map(({ from, to, text }) => ({ from, to, insert: text })) });
  }

  show(mistakes: readonly Mistake[]): void {
    const end = this.#view.state.doc.length;
    const inside = mistakes.filter(({ to }) => to <= end);
    this.#view.dispatch(setDiagnostics(this.#view.state, inside.map(diagnosticOf)));
  }

  select(from: number, to: number): void {
    goTo(this.#view, { from, to });
  }

  /** Does something with the name at the cursor. */
  command(name: NameCommand): void {
    this.#names[name](this.#view);
  }

  focus(): void {
    this.#view.focus();
  }
}
