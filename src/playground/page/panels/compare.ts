import type { Fact, LibraryEntry, LossRef } from '../../messages.js';
import { type Client, latest } from '../client.js';
import { button, element, fill } from '../dom.js';
import { library, sectionsOf } from '../library.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { CurvesView } from './curves-view.js';
import { guarded } from './guarded.js';

/** A loss to compare with, and what it is called. */
export interface Compared {
  readonly loss: LossRef;
  readonly label: string;
}

export interface ComparePanel extends Panel {
  /** Takes a loss along. */
  take(other: Compared): void;
}

/** The loss beside others: the curves on the same axes, and which properties each has. */
export function comparePanel(client: Client): ComparePanel {
  const view = new CurvesView('compare');
  const chips = element('div', { class: 'choices', role: 'group', 'aria-label': 'Compared with' });
  const facts = element('div', {});
  const select = element('select', { 'aria-label': 'Compare with another loss' });
  let subject: Subject | undefined;
  let others: readonly Compared[] = [standard('cross_entropy', 'cross_entropy')];

  const all = (): readonly Compared[] =>
    subject === undefined
      ? others
      : [{ loss: refOf(subject, subject.values), label: subject.name }, ...others];
  const draw = latest(
    guarded(view.element, async (losses: readonly Compared[]) => {
      view.show(await client.ask('curves', { losses }));
    }),
  );
  const table = latest(
    guarded(facts, async (losses: readonly Compared[]) => {
      const columns: { readonly label: string; readonly facts: readonly Fact[] }[] = [];
      for (const { loss, label } of losses)
        columns.push({ label, facts: await client.ask('facts', { loss }) });
      fill(facts, factsTable(columns));
    }),
  );
  const update = (): void => {
    fill(chips, ...others.map((other) => chip(other)), select);
    const losses = all();
    draw(losses);
    table(losses);
  };
  const chip = ({ label }: Compared): HTMLElement =>
    button(`${label} \u00d7`, { class: 'chip', 'aria-label': `Remove ${label}` }, () => {
      others = others.filter((other) => other.label !== label);
      update();
    });
  const take = (other: Compared): void => {
    others = [...others.filter(({ label }) => label !== other.label), other];
    update();
  };
  select.addEventListener('change', () => {
    const [file, name] = select.value.split(':');
    select.value = '';
    if (file !== undefined && name !== undefined) take(standard(file, name));
  });
  void library().then(({ catalogue }) => fill(select, ...optionsOf(catalogue)));
  return {
    id: 'compare',
    title: 'Compare',
    element: element('div', {}, chips, view.element, facts),
    show(shown) {
      subject = shown;
      update();
    },
    showNothing() {
      subject = undefined;
      update();
    },
    take,
  };
}

/** A loss of the standard library. */
export const standard = (file: string, name: string): Compared => ({
  loss: { source: { standard: file }, name, values: {} },
  label: name,
});

const optionsOf = (catalogue: readonly LibraryEntry[]): HTMLElement[] => [
  element('option', { value: '' }, 'Add a loss \u2026'),
  ...[...sectionsOf(catalogue)].map(([section, entries]) => {
    const group = element('optgroup', { label: section });
    for (const { name, losses } of entries)
      group.append(...losses.map((loss) => element('option', { value: `${name}:${loss}` }, loss)));
    return group;
  }),
];

function factsTable(
  columns: readonly { readonly label: string; readonly facts: readonly Fact[] }[],
): HTMLElement {
  const properties = [...new Set(columns.flatMap(({ facts }) => facts.map(({ property }) => property)))];
  const cell = (facts: readonly Fact[], property: string): HTMLElement => {
    const fact = facts.find((one) => one.property === property);
    if (fact === undefined) return element('td', {}, '');
    const [word, kind] =
      fact.holds === undefined ? ['?', 'unknown'] : fact.holds ? ['yes', 'proved'] : ['no', 'refuted'];
    return element('td', { class: kind!, title: fact.statement }, word);
  };
  return element(
    'section',
    { class: 'card' },
    element('h3', {}, 'Properties'),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('td', {}),
            ...columns.map(({ label }) => element('th', { scope: 'col' }, label)),
          ),
        ),
        element(
          'tbody',
          {},
          ...properties.map((property) =>
            element(
              'tr',
              {},
              element('th', { scope: 'row' }, property),
              ...columns.map(({ facts }) => cell(facts, property)),
            ),
          ),
        ),
      ),
    ),
  );
}
