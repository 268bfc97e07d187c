import type { Explained, ExplainedFinding } from '../../messages.js';
import { type Client, latest } from '../client.js';
import { element, fill } from '../dom.js';
import { inline } from '../markdown.js';
import { type Panel, refOf, type Subject } from '../subject.js';
import { guarded } from './guarded.js';

/** What the compiler finds out about the loss, each with its reason. */
export function explanationPanel(client: Client): Panel {
  const body = element('div', { class: 'explanation' });
  const show = latest(
    guarded(body, async (subject: Subject) => {
      body.setAttribute('aria-busy', 'true');
      try {
        fill(body, ...cards(await client.ask('explain', { loss: refOf(subject, subject.values) })));
      } finally {
        body.removeAttribute('aria-busy');
      }
    }),
  );
  return { id: 'explanation', title: 'Explanation', element: body, show };
}

const cards = ({ doc, head, topics }: Explained): HTMLElement[] => [
  element(
    'section',
    { class: 'card' },
    ...head.map((line, i) => element(i === 0 ? 'h3' : 'p', i === 0 ? {} : { class: 'note' }, line)),
    doc === '' ? undefined : element('p', { class: 'doc' }, doc),
  ),
  ...topics.map(({ title, findings }) =>
    element('section', { class: 'card' }, element('h3', {}, title), ...findings.map(findingOf)),
  ),
];

const findingOf = ({ status, statement, reason }: ExplainedFinding): HTMLElement =>
  element(
    'details',
    { class: 'finding' },
    element('summary', {}, element('span', { class: `status ${status}` }, status), ' ', ...inline(statement)),
    element('p', {}, ...inline(reason)),
  );
