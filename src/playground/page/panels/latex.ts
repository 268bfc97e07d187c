import katex from 'katex';
import { element } from '../dom.js';

let styled = false;

/** The style sheet and the fonts are loaded with the first formula. */
function addStyle(): void {
  if (styled) return;
  styled = true;
  document.head.append(element('link', { rel: 'stylesheet', href: './katex/katex.css' }));
}

/** LaTeX of the compiler as mathematics; `trust` is off, so no command of it can do more than be seen. */
export function render(latex: string): HTMLElement {
  addStyle();
  const made = element('div', { class: 'latex' });
  katex.render(latex, made, { displayMode: true, trust: false, throwOnError: false, strict: 'ignore' });
  return made;
}
