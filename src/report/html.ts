/** Small helpers to write HTML safely. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in an element or an attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

export interface Column<T> {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly numeric?: boolean;
  /** Cell contents as HTML: escape what is text. */
  readonly cell: (row: T) => string;
}

/** A table that scrolls by itself where the page is narrow. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[], attributes = ''): string {
  const alignment = ({ numeric }: Column<T>): string => (numeric === true ? ' class="number"' : '');
  const head = columns.map((column) => `<th${alignment(column)}>${escapeHtml(column.title)}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr>${columns.map((column) => `<td${alignment(column)}>${column.cell(row)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table ${attributes}><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}

export function section(id: string, title: string, ...parts: readonly string[]): string {
  return `<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${escapeHtml(title)}</h2>${parts.join('\n')}</section>`;
}

/** Buttons of which one is pressed; each shows the panel with its name in the group. */
export function switchable(
  group: string,
  label: string,
  panels: readonly { readonly name: string; readonly html: string }[],
): string {
  const buttons = panels.map(
    ({ name }, i) =>
      `<button type="button" data-group="${group}" data-panel="${i}" aria-pressed="${i === 0}">${escapeHtml(name)}</button>`,
  );
  const bodies = panels.map(
    ({ html }, i) =>
      `<div data-panel-of="${group}" data-panel="${i}"${i === 0 ? '' : ' hidden'}>${html}</div>`,
  );
  return `<div class="switch" role="group" aria-label="${escapeHtml(label)}">${buttons.join('')}</div>${bodies.join('')}`;
}

export const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
export const note = (text: string): string => `<p class="note">${escapeHtml(text)}</p>`;
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
export const whole = (value: number): string =>
  Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');

/** Seconds in words: 42 s, 5 min 3 s, 2 h 4 min. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`;
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
}
