import { type Child, element } from './dom.js';

/** What the language services say, which is paragraphs, code in fences and code in a line, as elements. */
export function rendered(markdown: string): HTMLElement {
  const parts = markdown.split(/```\w*\n([\s\S]*?)\n```/);
  return element(
    'div',
    { class: 'said' },
    ...parts.flatMap((part, i): Child[] => {
      if (i % 2 === 1) return [element('pre', {}, element('code', {}, part))];
      return part
        .split(/\n{2,}/)
        .filter((paragraph) => paragraph.trim() !== '')
        .map((paragraph) => element('p', {}, ...inline(paragraph)));
    }),
  );
}

/** Code between backticks within a sentence. */
export const inline = (text: string): Child[] =>
  text.split('`').map((part, i) => (i % 2 === 1 ? element('code', {}, part) : part));
