/** What a call takes, above the cursor while its arguments are written. */
import { closeCompletion, completionStatus } from '@codemirror/autocomplete';
import { type Extension, Prec, StateEffect, StateField } from '@codemirror/state';
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
  let isWanted = false;
  const ask = latest(async (view: EditorView) => {
    const { doc, selection } = view.state;
    const offset = selection.main.head;
    const help = await orNothing(client.ask('call', { text: doc.toString(), offset }));
    // What was typed meanwhile asks again.
    if (!isWanted || !view.state.doc.eq(doc) || !view.state.selection.eq(selection)) return;
    isWanted = help !== undefined;
    view.dispatch({ effects: setShown.of(help && { help, at: offset }) });
  });
  const begin = (view: EditorView): boolean => {
    isWanted = true;
    ask(view);
    return true;
  };
  return [
    SHOWN,
    EditorView.updateListener.of(({ view, state, docChanged, selectionSet, transactions }) => {
      const { head } = state.selection.main;
      const isTyped = transactions.some((one) => one.isUserEvent('input'));
      if (isTyped && /[(,]/.test(state.sliceDoc(head - 1, head))) begin(view);
      else if (isWanted && (docChanged || selectionSet)) ask(view);
    }),
    keymap.of([{ key: 'Mod-Shift-Space', run: begin }]),
    // A list of completions that can be seen goes first; one that is still being asked for would take the key without a trace.
    Prec.highest(
      keymap.of([
        {
          key: 'Escape',
          run: (view) => {
            if (!isWanted || completionStatus(view.state) === 'active') return false;
            closeCompletion(view);
            isWanted = false;
            view.dispatch({ effects: setShown.of(undefined) });
            return true;
          },
        },
      ]),
    ),
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
