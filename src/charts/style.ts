import { COLOURS } from './colours.js';

/** Lines that share a colour differ in their dashes. */
const DASHES = ['', '7 4', '2 3', '10 3 2 3'] as const;

const colourClass = (dark: boolean): string =>
  COLOURS.map(({ light, dark: lightened }, i) => {
    const colour = dark ? lightened : light;
    return `.colour${i}{stroke:${colour}}.band.colour${i}{fill:${colour};stroke:none}`;
  }).join('');

const dashClass = DASHES.map((dash, i) => (dash === '' ? '' : `.dash${i}{stroke-dasharray:${dash}}`)).join(
  '',
);

/** The class of a line of colour number i; `further` counts the lines of the same loss before it. */
export const lineStyle = (i: number, further = 0): string =>
  `colour${i % COLOURS.length} dash${(Math.floor(i / COLOURS.length) + further) % DASHES.length}`;

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
    `.band{opacity:${dark ? 0.25 : 0.15}}`,
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
