import { button } from './dom.js';

/** Milliseconds for which a button says that it has copied. */
const SAID = 1600;

/** A button that copies a text, and says so. */
export function copying(title: string, text: () => string | Promise<string>): HTMLButtonElement {
  const made = button(title, { class: 'quiet', 'aria-live': 'polite' }, async () => {
    const isCopied = await copied(await text());
    made.textContent = isCopied ? 'Copied' : 'The browser does not allow this page to copy';
    setTimeout(() => {
      made.textContent = title;
    }, SAID);
  });
  return made;
}

/** Whether the browser has taken the text: it may be asked not to. */
export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
