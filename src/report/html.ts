/**
 * HTML in which nothing can be forgotten: `html` escapes every value that is not HTML itself, and only `html` and `trusted`
 * make HTML. What a report shows may come from a stranger's folder.
 */

/** A private field, so that no other object counts as one, whatever it looks like. */
export class Html {
  readonly #text: string;
  constructor(text: string) {
    this.#text = text;
  }
  toString(): string {
    return this.#text;
  }
}

/** Lists stand one after another; undefined is nothing. */
export type Content = Html | string | number | undefined | readonly Content[];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);

function textOf(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Html) return content.toString();
  return Array.isArray(content) ? content.map(textOf).join('') : escaped(String(content));
}

/** Values stand in elements or in attributes with quotes, never as names or inside a script. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  return new Html(parts.map((part, i) => (i === 0 ? part : textOf(values[i - 1]) + part)).join(''));
}

/** Text of our own that is HTML already, such as the script of the page. */
export const trusted = (text: string): Html => new Html(text);

export function joined(contents: readonly Content[], separator: Content): Content {
  return contents.flatMap((content, i) => (i === 0 ? [content] : [separator, content]));
}

export interface Column<T> {
  readonly title: string;
  /** Numbers stand on the right. */
  readonly numeric?: boolean;
  readonly cell: (row: T) => Content;
}

/** A table that scrolls by itself where the page is narrow. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): Html {
  const kind = ({ numeric }: Column<T>): string => (numeric === true ? 'number' : 'text');
  const head = columns.map((column) => html`<th class="${kind(column)}">${column.title}</th>`);
  const body = rows.map(
    (row) =>
      html`<tr>${columns.map((column) => html`<td class="${kind(column)}">${column.cell(row)}</td>`)}</tr>`,
  );
  return html`<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

export function section(id: string, title: string, ...parts: readonly Content[]): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${joined(parts, '\n')}</section>`;
}

/** Buttons of which one is pressed; each shows the panel with its name in the group. */
export function switchable(
  group: string,
  label: string,
  panels: readonly { readonly name: string; readonly content: Content }[],
): Html {
  const buttons = panels.map(
    ({ name }, i) =>
      html`<button type="button" data-group="${group}" data-panel="${i}" aria-pressed="${String(i === 0)}">${name}</button>`,
  );
  const bodies = panels.map(({ content }, i) =>
    i === 0
      ? html`<div data-panel-of="${group}" data-panel="${i}">${content}</div>`
      : html`<div data-panel-of="${group}" data-panel="${i}" hidden>${content}</div>`,
  );
  return html`<div class="switch" role="group" aria-label="${label}">${buttons}</div>${bodies}`;
}

/** A few numbers, large. */
export function tiles(entries: readonly (readonly [name: string, value: string])[]): Html {
  const list = entries.map(
    ([name, value]) => html`<div class="tile"><dt>${name}</dt><dd>${value}</dd></div>`,
  );
  return html`<dl class="tiles">${list}</dl>`;
}

export const code = (text: string): Html => html`<code>${text}</code>`;
export const note = (text: string): Html => html`<p class="note">${text}</p>`;
/** The trees of a genome, one after another. */
export const genomeCode = (genome: readonly string[]): Content => joined(genome.map(code), ' | ');
export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
export const whole = (value: number): string =>
  Math.round(value).toLocaleString('en-GB').replaceAll(',', ' ');
