/**
 * Colours for light and dark. The first of the light ones are those of Okabe and Ito 2008, which people with the common colour-vision
 * deficiencies can tell apart, without yellow and sky blue, which are too pale on white; then others of their lightness. The dark ones
 * are the same, lightened.
 */
export const COLOURS = [
  { light: '#0072b2', dark: '#5ab4ef' },
  { light: '#d55e00', dark: '#ff8a4c' },
  { light: '#009e73', dark: '#2fd3a4' },
  { light: '#b8578f', dark: '#eb9cc8' },
  { light: '#c98a00', dark: '#f3bd4b' },
  { light: '#6a4fc4', dark: '#ab9bf2' },
  { light: '#8a5a3b', dark: '#cfa588' },
  { light: '#738a1c', dark: '#b3ca58' },
  { light: '#b3203f', dark: '#f0708a' },
  { light: '#1592a5', dark: '#56cfe0' },
  { light: '#5f666d', dark: '#c3c9cf' },
] as const;

/** The colour of what is no loss: one of many, in the background. */
export const GREY = COLOURS.length - 1;

/** The losses that others are compared with have the first colour, which no other loss has. */
const REFERENCES: readonly string[] = ['cross_entropy', 'mse', 'bce'];

/** Chosen so that losses of the standard library that are drawn in one picture have different colours as often as possible. */
const SEED = 4702;

/** The number of the colour of a loss: the same in every picture and on every page, whatever else is there. */
export const colourOf = (loss: string): number =>
  REFERENCES.includes(loss) ? 0 : 1 + (hashOf(loss) % (GREY - 1));

/** FNV-1a, of 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 ^ SEED;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** How a line is drawn: `further` counts the lines of its colour before it, which it must be told apart from. */
export interface Look {
  readonly colour: number;
  readonly further: number;
}

/** The looks of lines of losses that stand in one picture, in order; the lines of one loss have one colour. */
export function looksOf(losses: readonly string[]): readonly Look[] {
  const counts = new Map<number, number>();
  return losses.map((loss) => {
    const colour = colourOf(loss);
    const further = counts.get(colour) ?? 0;
    counts.set(colour, further + 1);
    return { colour, further };
  });
}
