/**
 * Colours for light and dark. The light ones are those of Okabe and Ito 2008, which people with the common colour-vision
 * deficiencies can tell apart, without yellow and sky blue, which are too pale on white, and with grey; the dark ones are
 * the same, lightened.
 */
const COLOURS = [
  { light: '#0072b2', dark: '#5ab4ef' },
  { light: '#d55e00', dark: '#ff8a4c' },
  { light: '#009e73', dark: '#2fd3a4' },
  { light: '#b8578f', dark: '#eb9cc8' },
  { light: '#c98a00', dark: '#f3bd4b' },
  { light: '#5f666d', dark: '#c3c9cf' },
] as const;

/** Lines that share a colour differ in their dashes. */
const DASHES = ['', '7 4', '2 3', '10 3 2 3'] as const;

const colourClass = (dark: boolean): string =>
  COLOURS.map((colour, i) => `.colour${i}{stroke:${dark ? colour.dark : colour.light}}`).join('');

const dashClass = DASHES.map((dash, i) => (dash === '' ? '' : `.dash${i}{stroke-dasharray:${dash}}`)).join(
  '',
);

/** The class of line number i. */
export const lineStyle = (i: number): string =>
  `colour${i % COLOURS.length} dash${Math.floor(i / COLOURS.length) % DASHES.length}`;

const theme = (dark: boolean): string => {
  const [paper, ink, soft, grid] = dark
    ? ['#14171a', '#e6e8ea', '#9aa3ab', '#2b3137']
    : ['#ffffff', '#1c2024', '#667079', '#e5e8eb'];
  return [
    `.paper{fill:${paper}}`,
    `.label,.note{fill:${soft}}`,
    `.title,.legend,.heading{fill:${ink}}`,
    `.grid{stroke:${grid}}`,
    `.frame,.zero,.mark{stroke:${soft}}`,
    colourClass(dark),
    `.dot{fill:${paper}}`,
  ].join('');
};

/** The style sheet of a picture: no font or script from elsewhere; follows the reader's choice of light or dark. */
export const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Arial,sans-serif;font-size:12px}',
  '.title,.heading{font-weight:600}.heading{font-size:14px}.note{font-size:11px}',
  '.line{fill:none;stroke-width:2;stroke-linejoin:round}.dot{stroke-width:2;stroke-dasharray:none}',
  '.frame{fill:none}.frame,.zero{stroke-width:1}.mark{stroke-width:1;stroke-dasharray:3 3}',
  dashClass,
  theme(false),
  `@media (prefers-color-scheme:dark){${theme(true)}}`,
].join('\n');
