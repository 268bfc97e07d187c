import type { Formulas } from '../../messages.js';
import { type Client, latest } from '../client.js';
import { copying } from '../copy.js';
import { element, fill } from '../dom.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { guarded } from './guarded.js';

/** Value and gradient as mathematics. */
export function mathematicsPanel(client: Client): Panel {
  const body = element('div', { class: 'formulas' });
  const show = latest(
    guarded(body, async (subject: Subject) => {
      const [found, { render }] = await Promise.all([
        client.ask('formulas', { loss: refOf(subject) }),
        import('./latex.js'),
      ]);
      fill(body, ...sections(found, render));
    }),
  );
  return { id: 'mathematics', title: 'Mathematics', element: body, show };
}

type Render = (latex: string) => HTMLElement;

const sections = ({ value, gradients, guards }: Formulas, render: Render): HTMLElement[] => [
  formula('Value', value, render),
  ...gradients.map(({ by, latex }) =>
    formula(gradients.length === 1 ? 'Gradient' : `Gradient with respect to ${by}`, latex, render),
  ),
  ...(guards.length === 0 ? [] : [guardsNote(guards)]),
];

const formula = (title: string, latex: string, render: Render): HTMLElement =>
  element(
    'section',
    { class: 'card formula' },
    element(
      'div',
      { class: 'bar' },
      element('h3', {}, title),
      copying('Copy LaTeX', () => latex),
    ),
    element('div', { class: 'display', tabindex: '0', role: 'group', 'aria-label': title }, render(latex)),
  );

const guardsNote = (guards: readonly string[]): HTMLElement =>
  element(
    'details',
    { class: 'note' },
    element('summary', {}, 'Guards of the compiled loss'),
    element('ul', {}, ...guards.map((sentence) => element('li', {}, sentence))),
  );
