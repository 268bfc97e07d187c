import { syntaxHighlighting } from '@codemirror/language';
import { EditorState } from '@codemirror/state';
import { Decoration, EditorView, lineNumbers } from '@codemirror/view';
import type { Place } from '../../messages.js';
import { COLOURS, LANGUAGE } from './highlight.js';
import { THEME } from './theme.js';

/** A text to be read, with a place in it marked and in sight. */
export class ShownText {
  readonly #view: EditorView;

  constructor(host: HTMLElement) {
    const root = host.attachShadow({ mode: 'open' });
    this.#view = new EditorView({ parent: root, root });
  }

  show(text: string, { from, to }: Pick<Place, 'from' | 'to'>, name: string): void {
    const place = Decoration.set(from < to ? [Decoration.mark({ class: 'cm-place' }).range(from, to)] : []);
    this.#view.setState(
      EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          LANGUAGE,
          syntaxHighlighting(COLOURS),
          THEME,
          EditorView.lineWrapping,
          EditorView.decorations.of(place),
          EditorState.readOnly.of(true),
          EditorView.editable.of(false),
          EditorView.contentAttributes.of({ 'aria-label': name, tabindex: '0' }),
        ],
      }),
    );
    this.#view.dispatch({ effects: EditorView.scrollIntoView(from, { y: 'center' }) });
  }
}
