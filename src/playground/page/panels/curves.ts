import type { Knob } from '../../messages.js';
import { type Client, latest } from '../client.js';
import { button, element, fill } from '../dom.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { CurvesView } from './curves-view.js';
import { guarded } from './guarded.js';

/** The curves of the loss, and sliders for its parameters. */
export function curvesPanel(client: Client, onValues: (values: Subject['values']) => void): Panel {
  const view = new CurvesView('curves');
  const sliders = element('div', { class: 'sliders' });
  let knobsShown = '';
  const draw = latest(
    guarded(view.element, async (subject: Subject) => {
      const loss = refOf(subject, subject.values);
      view.show(await client.ask('curves', { losses: [{ loss, label: subject.name }] }));
    }),
  );
  return {
    id: 'curves',
    title: 'Curves',
    element: element('div', {}, sliders, view.element),
    show(subject) {
      const key = JSON.stringify([subject.name, subject.knobs]);
      if (key !== knobsShown) {
        knobsShown = key;
        fill(sliders, ...slidersOf(subject, onValues));
      }
      draw(subject);
    },
  };
}

function slidersOf(
  { knobs, values: given }: Subject,
  onValues: (values: Subject['values']) => void,
): HTMLElement[] {
  if (knobs.length === 0) return [];
  let values = given;
  const change = (changed: Subject['values']): void => {
    values = changed;
    onValues(values);
  };
  const rows = knobs.map((knob) =>
    slider(knob, values[knob.name] ?? knob.value, (value) => change({ ...values, [knob.name]: value })),
  );
  const reset = button('As written', { class: 'quiet' }, () => {
    for (const row of rows) row.reset();
    change({});
  });
  return [element('section', { class: 'card knobs' }, ...rows.map((row) => row.element), reset)];
}

function slider({ name, value, low, high, step }: Knob, now: number, move: (value: number) => void) {
  const input = element('input', {
    type: 'range',
    id: `knob-${name}`,
    min: String(low),
    max: String(high),
    step: String(step),
  });
  const said = element('output', { for: `knob-${name}` });
  const say = (shown: number): void => {
    said.textContent = String(Number(shown.toPrecision(4)));
  };
  input.value = String(now);
  say(now);
  input.addEventListener('input', () => {
    say(Number(input.value));
    move(Number(input.value));
  });
  return {
    element: element('div', { class: 'knob' }, element('label', { for: `knob-${name}` }, name), input, said),
    reset(): void {
      input.value = String(value);
      say(value);
    },
  };
}
