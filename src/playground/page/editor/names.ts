/** What is known of the name at the cursor: where it is defined and used, and another name for it. */
import type { Extension } from '@codemirror/state';
import { EditorView, keymap, showDialog } from '@codemirror/view';
import type { Place } from '../../messages.js';
import { type Client, Refused } from '../client.js';

export interface NameEvents {
  /** A definition in the standard library: those in the text are gone to. */
  readonly onElsewhere: (place: Place) => void;
  readonly onUses: (uses: readonly Place[]) => void;
  /** Says why nothing has happened. */
  readonly onRefused: (sentence: string) => void;
}

type Command = (view: EditorView, offset?: number) => void;
export type NameCommand = 'definition' | 'uses' | 'rename';
export type NameCommands = { readonly [K in NameCommand]: Command };

const NOTHING = 'There is no name at the cursor.';

/** The commands on names, which keys and buttons give. */
export function nameCommands(client: Client, { onElsewhere, onUses, onRefused }: NameEvents): NameCommands {
  const asked =
    (run: (view: EditorView, text: string, offset: number) => Promise<void>): Command =>
    async (view, offset = view.state.selection.main.head) => {
      try {
        await run(view, view.state.doc.toString(), offset);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        onRefused(error.message);
      }
    };
  const isStill = (view: EditorView, text: string): boolean => {
    const isSame = view.state.doc.toString() === text;
    if (!isSame) onRefused('The text has changed in the meantime.');
    return isSame;
  };
  return {
    definition: asked(async (view, text, offset) => {
      const place = await client.ask('definition', { text, offset });
      if (place === undefined) onRefused('The name at the cursor has no definition.');
      else if (place.standard !== undefined) onElsewhere(place);
      else if (isStill(view, text)) goTo(view, place);
    }),
    uses: asked(async (view, text, offset) => {
      const uses = await client.ask('uses', { text, offset });
      if (uses.length === 0) onRefused(NOTHING);
      else if (isStill(view, text)) onUses(uses);
    }),
    rename: asked(async (view, text, offset) => {
      const before = await client.ask('renameable', { text, offset });
      if (before === undefined) return onRefused(NOTHING);
      const name = await askName(view, before);
      view.focus();
      if (name === undefined || name === before || !isStill(view, text)) return;
      const edits = await client.ask('rename', { text, offset, name });
      if (!isStill(view, text)) return;
      const changes = edits.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text }));
      view.dispatch({ changes, userEvent: 'rename' });
    }),
  };
}

/** Selects a place in the text, and brings it into sight. */
export function goTo(view: EditorView, { from, to }: Pick<Place, 'from' | 'to'>): void {
  view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
  view.focus();
}

async function askName(view: EditorView, before: string): Promise<string | undefined> {
  const { result } = showDialog(view, {
    label: `Rename ${before} to`,
    input: { name: 'name', value: before, autocomplete: 'off', spellcheck: 'false' },
    submitLabel: 'Rename',
    focus: true,
  });
  const form = await result;
  return form === null ? undefined : String(new FormData(form).get('name')).trim();
}

/** The keys that editors have for them, and a click with Control or Command for the definition. */
export const nameKeys = ({ definition, uses, rename }: NameCommands): Extension => {
  const run = (command: Command) => (view: EditorView) => {
    command(view);
    return true;
  };
  return [
    keymap.of([
      { key: 'F12', run: run(definition) },
      { key: 'Shift-F12', run: run(uses) },
      { key: 'F2', run: run(rename) },
    ]),
    EditorView.domEventHandlers({
      mousedown(event, view) {
        const offset = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (event.button !== 0 || !(event.ctrlKey || event.metaKey) || offset === null) return false;
        definition(view, offset);
        return true;
      },
    }),
  ];
};
