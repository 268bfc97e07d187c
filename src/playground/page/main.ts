/** The page: the editor on one side, what the compiler knows of the loss at its cursor on the other. */

import type { TextOutline } from '../messages.js';
import { Client, latest, Refused } from './client.js';
import { copied } from './copy.js';
import { byId } from './dom.js';
import { Editor } from './editor/editor.js';
import { addGallery } from './gallery.js';
import { fragmentOf, textOf } from './link.js';
import { codePanel } from './panels/code.js';
import { comparePanel, standard } from './panels/compare.js';
import { curvesPanel } from './panels/curves.js';
import { evolvePanel } from './panels/evolve.js';
import { explanationPanel } from './panels/explanation.js';
import { mathematicsPanel } from './panels/mathematics.js';
import { stacked } from './panels/stacked.js';
import { trainPanel } from './panels/train.js';
import { showProblems } from './problems.js';
import { sourceDialog } from './source.js';
import { at, type Subject } from './subject.js';
import { Tabs } from './tabs.js';
import { addThemeButton } from './theme.js';
import { hideUses, showUses } from './uses.js';

/** Milliseconds after typing until the address has the text. */
const REMEMBERED_AFTER = 400;

addThemeButton(byId('theme'));

const given = await textOf(location.hash);
const first = byId('first');
const isGiven = given !== undefined;
const text = given ?? `${first.textContent}\n`;

const say = (sentence: string): void => {
  byId('notice').textContent = sentence;
  byId('notice').hidden = sentence === '';
};
// Two of them: words that are typed do not wait for an explanation.
const services = new Client();
const compiler = new Client();

/** Numbers of the sliders, by loss and what its parameters are. */
const moved = new Map<string, Subject['values']>();
const compare = comparePanel(compiler);
const curves = curvesPanel(compiler, (values) => {
  moved.set(knobsKey, values);
  showLoss();
});
const evolve = evolvePanel(compiler, {
  onTake: (taken) => take(taken),
  onCompare: (loss) => {
    compare.take(loss);
    tabs.select(compare.id);
  },
});
const tabs = new Tabs([
  stacked('loss', 'Loss', [curves, mathematicsPanel(compiler)]),
  explanationPanel(compiler),
  codePanel(compiler),
  compare,
  trainPanel(),
  evolve,
]);

let cursor = 0;
let sound: { readonly text: string; readonly outline: TextOutline } | undefined;
let shown = '';
let knobsKey = '';

/** What is shown of a text without a loss. */
const NOTHING = 'nothing';

/** Shows the loss at the cursor, of the last text without mistakes. */
function showLoss(): void {
  byId('panels').classList.toggle('stale', sound?.text !== editor.text);
  if (sound === undefined) return;
  const { losses, sketches } = sound.outline;
  const sketch = at(sketches, cursor);
  evolve.offer(sketch && { text: sound.text, name: sketch.name });
  const loss = at(losses, cursor);
  byId('subject').textContent = loss?.name ?? sketch?.name ?? '';
  if (loss === undefined) {
    if (shown !== NOTHING) tabs.showNothing();
    shown = NOTHING;
    return;
  }
  const { name, knobs } = loss;
  knobsKey = JSON.stringify([name, knobs]);
  const values = moved.get(knobsKey) ?? {};
  const key = JSON.stringify([sound.text, name, values]);
  if (key === shown) return;
  shown = key;
  tabs.show({ text: sound.text, name, knobs, values });
}

const read = latest(async (wanted: string) => {
  try {
    const outline = await services.ask('read', { text: wanted });
    if (editor.text !== wanted) return;
    editor.show(outline.mistakes);
    showProblems(outline.mistakes, ({ from, to }) => editor.select(from, to));
    if (outline.mistakes.every(({ severity }) => severity !== 'error')) sound = { text: wanted, outline };
    showLoss();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    say(error.message);
  }
});

let remembering: number | undefined;
/** Keeps the text in the address, where a reload and a bookmark find it. */
function remember(): void {
  window.clearTimeout(remembering);
  remembering = window.setTimeout(async () => {
    history.replaceState(null, '', await fragmentOf(editor.text));
  }, REMEMBERED_AFTER);
}

const formatText = latest(async (wanted: string) => {
  const edits = await services.ask('format', { text: wanted });
  if (editor.text === wanted) editor.edit(edits);
});

const take = (taken: string): void => {
  editor.replace(taken);
  editor.focus();
};
const showSource = sourceDialog(take);

const editor = new Editor(byId('editor'), text, services, {
  onText: (changed) => {
    say('');
    hideUses();
    read(changed);
    remember();
  },
  onCursor: (offset) => {
    cursor = offset;
    showLoss();
  },
  onFormat: () => formatText(editor.text),
  onLeave: () => tabs.focus(),
  onElsewhere: showSource,
  onUses: (uses) =>
    showUses(uses, {
      onPlace: (place) =>
        place.standard === undefined ? editor.select(place.from, place.to) : showSource(place),
      onClose: () => editor.focus(),
    }),
  onRefused: say,
});
for (const name of ['definition', 'uses', 'rename'] as const)
  document.querySelector(`[data-name=${name}]`)?.addEventListener('click', () => editor.command(name));
first.remove();
read(text);
if (!isGiven && location.hash !== '')
  say('The link of this page contains no text, or only a part of it: this is an example.');

addGallery({
  onOpen: take,
  onCompare: (entry) => {
    compare.take(standard(entry.name, entry.losses[0]!));
    tabs.select(compare.id);
  },
});
byId('format').addEventListener('click', () => {
  formatText(editor.text);
  editor.focus();
});
byId('share').addEventListener('click', async () => {
  const fragment = await fragmentOf(editor.text);
  history.replaceState(null, '', fragment);
  const isCopied = await copied(location.href);
  say(
    isCopied
      ? 'Link copied. It contains the text itself: nothing was sent anywhere.'
      : 'The address of this page is the link.',
  );
});
window.addEventListener('hashchange', async () => {
  const linked = await textOf(location.hash);
  if (linked !== undefined && linked !== editor.text) editor.replace(linked);
});
