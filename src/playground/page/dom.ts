/** Elements, made without any markup of text. */

export type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string>>;

/** An element with its attributes and what stands in it; texts are texts. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...present(children));
  return made;
}

/** Puts other children into the place of those that are there. */
export const fill = (parent: Element, ...children: readonly Child[]): void =>
  parent.replaceChildren(...present(children));

const present = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child) => child !== undefined);

/** A button that does something. */
export function button(text: string, attributes: Attributes, press: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', press);
  return made;
}

/** An element of the page as it was written. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as E;
}
