import { element } from '../dom.js';
import type { Panel } from '../subject.js';

/** Several panels as one, below each other. */
export const stacked = (id: string, title: string, panels: readonly Panel[]): Panel => ({
  id,
  title,
  element: element('div', {}, ...panels.map((panel) => panel.element)),
  show: (subject) => {
    for (const panel of panels) panel.show(subject);
  },
});
