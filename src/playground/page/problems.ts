import type { Mistake } from '../messages.js';
import { button, byId, element, fill } from './dom.js';

/** What is wrong with the text, below it. */
export function showProblems(mistakes: readonly Mistake[], select: (mistake: Mistake) => void): void {
  const errors = mistakes.filter(({ severity }) => severity === 'error').length;
  const place = byId('problems');
  place.classList.toggle('wrong', errors > 0);
  const list = mistakes.map((mistake) => {
    const { severity, code, message, line } = mistake;
    const text = `${message.replaceAll('\n', ' \u2014 ')}`;
    const go = button('', { class: `problem ${severity}` }, () => select(mistake));
    go.append(element('span', { class: 'at' }, `line ${line}`), ` ${text} `, element('code', {}, code));
    return element('li', {}, go);
  });
  fill(
    place,
    element('p', { role: 'status' }, summary(errors, mistakes.length - errors)),
    list.length === 0 ? undefined : element('ul', {}, ...list),
  );
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

function summary(errors: number, warnings: number): string {
  const parts = [
    ...(errors > 0 ? [counted(errors, 'mistake')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  return parts.length === 0 ? 'No mistakes' : parts.join(', ');
}
