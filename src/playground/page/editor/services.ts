/** The language services in the editor: what a worker knows of a text, as CodeMirror shows it. */
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  type Completion as Option,
} from '@codemirror/autocomplete';
import type { Diagnostic } from '@codemirror/lint';
import type { Extension } from '@codemirror/state';
import { type EditorView, hoverTooltip } from '@codemirror/view';
import type { Completion, Edit, Mistake } from '../../messages.js';
import { type Client, orNothing } from '../client.js';
import { rendered } from '../markdown.js';
import { callHelp } from './call-help.js';

/** Hover, completion and the help with calls, asked of a worker. */
export const services = (client: Client): Extension => [
  hoverTooltip(async (view, offset) => {
    const found = await orNothing(client.ask('hover', { text: view.state.doc.toString(), offset }));
    if (found === undefined) return null;
    return { pos: found.from, end: found.to, create: () => ({ dom: rendered(found.markdown) }) };
  }),
  autocompletion({ override: [(context) => complete(client, context)], icons: false }),
  callHelp(client),
];

/** What completion is offered after, beside words. */
const OPENING = /[:[("/]\s?$/;

async function complete(client: Client, context: CompletionContext): Promise<CompletionResult | null> {
  const { state, pos } = context;
  const before = state.sliceDoc(state.doc.lineAt(pos).from, pos);
  if (!context.explicit && !/\w$/.test(before) && !OPENING.test(before)) return null;
  const found = await orNothing(client.ask('complete', { text: state.doc.toString(), offset: pos }));
  if (found === undefined || found.completions.length === 0) return null;
  return { from: found.from, options: found.completions.map(optionOf), validFor: /^[\w/.]*$/ };
}

function optionOf({ label, kind, detail, doc, edits, sort }: Completion): Option {
  const [own, ...also] = edits;
  const rank = 10 - Number(sort[0]);
  return {
    label,
    type: kind,
    detail,
    boost: Number.isFinite(rank) ? rank : 0,
    ...(doc !== '' && { info: () => rendered(doc) }),
    apply: (view, _option, from, to) => apply(view, own?.text ?? label, from, to, also),
  };
}

function apply(view: EditorView, text: string, from: number, to: number, also: readonly Edit[]): void {
  const changes = view.state.changes([
    { from, to, insert: text },
    ...also.map((edit) => ({ from: edit.from, to: edit.to, insert: edit.text })),
  ]);
  view.dispatch({ changes, selection: { anchor: changes.mapPos(to, 1) }, userEvent: 'input.complete' });
}

/** A mistake as the editor underlines it, with its corrections. */
export const diagnosticOf = ({ from, to, severity, code, message, fixes }: Mistake): Diagnostic => ({
  from,
  to,
  severity,
  source: code,
  message,
  actions: fixes.map(({ title, edit }) => ({
    name: title,
    apply: (view) => view.dispatch({ changes: { from: edit.from, to: edit.to, insert: edit.text } }),
  })),
});
