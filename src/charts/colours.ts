/**
 * Colours for light and dark. The light ones are those of Okabe and Ito 2008, which people with the common colour-vision
 * deficiencies can tell apart, without yellow and sky blue, which are too pale on white, and with grey; the dark ones are
 * the same, lightened.
 */
export const COLOURS = [
  { light: '#0072b2', dark: '#5ab4ef' },
  { light: '#d55e00', dark: '#ff8a4c' },
  { light: '#009e73', dark: '#2fd3a4' },
  { light: '#b8578f', dark: '#eb9cc8' },
  { light: '#c98a00', dark: '#f3bd4b' },
  { light: '#5f666d', dark: '#c3c9cf' },
] as const;

/** The colour of what is no loss: one of many, in the background. */
export const GREY = COLOURS.length - 1;

/** The losses that others are compared with: the first of them that is drawn has the first colour. */
const REFERENCES = ['cross_entropy', 'mse', 'bce'];

/**
 * Numbers of colours for losses, so that one loss has one colour in all charts of a page, and in pictures of the same losses. Names
 * may be repeated; the first time counts.
 */
export function coloursOf(names: readonly string[]): (name: string) => number {
  const ordered = [...new Set([...REFERENCES.filter((name) => names.includes(name)).slice(0, 1), ...names])];
  return (name) => {
    const found = ordered.indexOf(name);
    return found < 0 ? GREY : found;
  };
}
