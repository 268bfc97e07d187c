/** What a call takes, above the cursor while its arguments are written. */
import { type Extension, StateEffect, StateField } from '@codemirror/state';
import { EditorView, keymap, showTooltip, type Tooltip } from '@codemirror/view';
import type { CallHelp } from '../../messages.js';
import { type Client, latest, orNothing } from '../client.js';
import { element } from '../dom.js';
import { inline } from '../markdown.js';

interface Shown {
  readonly help: CallHelp;
  readonly at: number;
}

const setShown = StateEffect.define<Shown | undefined>();

const SHOWN = StateField.define<Shown | undefined>({
  create: () => undefined,
  update(shown, { effects, changes }) {
    for (const effect of effects) if (effect.is(setShown)) return effect.value;
    return shown && { ...shown, at: changes.mapPos(shown.at) };
  },
  provide: (field) => showTooltip.from(field, (shown) => (shown === undefined ? null : tooltipOf(shown))),
});

/** Shown when `(` or `,` is typed, and then as long as the cursor stays in a call; Escape hides it. */
export function callHelp(client: Client): Extension {
  const ask = latest(async (view: EditorView) => {
    const { doc, selection } = view.state;
    const offset = selection.main.head;
    const help = await orNothing(client.ask('call', { text: doc.toString(), offset }));
    // What was typed meanwhile asks again.
    if (view.state.doc.eq(doc) && view.state.selection.eq(selection))
      view.dispatch({ effects: setShown.of(help && { help, at: offset }) });
  });
  return [
    SHOWN,
    EditorView.updateListener.of(({ view, state, docChanged, selectionSet, transactions }) => {
      const isShown = state.field(SHOWN) !== undefined;
      const begins = transactions.some(
        (one) =>
          one.isUserEvent('input') &&
          /[(,]/.test(state.sliceDoc(state.selection.main.head - 1, state.selection.main.head)),
      );
      if (begins || (isShown && (docChanged || selectionSet))) ask(view);
    }),
    keymap.of([
      {
        key: 'Mod-Shift-Space',
        run: (view) => {
          ask(view);
          return true;
        },
      },
      {
        key: 'Escape',
        run: (view) => {
          if (view.state.field(SHOWN) === undefined) return false;
          view.dispatch({ effects: setShown.of(undefined) });
          return true;
        },
      },
    ]),
  ];
}

const tooltipOf = ({ help, at }: Shown): Tooltip => ({
  pos: at,
  above: true,
  create: () => ({ dom: callElement(help) }),
});

function callElement({ forms, doc, active }: CallHelp): HTMLElement {
  const [summary = ''] = doc.split('\n');
  return element(
    'div',
    { class: 'said call', role: 'status' },
    ...forms.map(({ text, parts }) => {
      const [from, to] = parts[active] ?? [text.length, text.length];
      const part = element('b', {}, text.slice(from, to));
      return element('pre', {}, element('code', {}, text.slice(0, from), part, text.slice(to)));
    }),
    summary === '' ? undefined : element('p', {}, ...inline(summary)),
  );
}
