import { COLOURS, type Look } from './colours.js';

/** Lines that share a colour differ in their dashes; beyond those they are thin. */
export const DASHES = ['', '7 4', '2 3', '10 3 2 3', '14 5', '8 3 2 3 2 3'] as const;

/** A line on top of others that are the same curve leaves gaps in which those are seen, each of four for the same share. */
const OVER = ['12 12', '6 18', '6 18;stroke-dashoffset:-12'] as const;

const colourClass = (dark: boolean): string =>
  COLOURS.map(({ light, dark: lightened }, i) => {
    const colour = dark ? lightened : light;
    return `.colour${i}{stroke:${colour}}.band.colour${i}{fill:${colour};stroke:none}`;
  }).join('');

const dashClass = DASHES.map((dash, i) => (dash === '' ? '' : `.dash${i}{stroke-dasharray:${dash}}`)).join(
  '',
);

const overClass = OVER.map((dash, i) => `.over${i + 1}{stroke-dasharray:${dash}}`).join('');

/** The class of a line. */
export const lineStyle = ({ colour, further }: Look): string =>
  `colour${colour} dash${further % DASHES.length}${further < DASHES.length ? '' : ' thin'}`;

/** The class of a line that is the same curve as `before` others, which are drawn already. */
export const overStyle = ({ colour }: Look, before: number): string =>
  `colour${colour} over${1 + ((before - 1) % OVER.length)}`;

const theme = (dark: boolean): string => {
  const [paper, ink, soft, grid] = dark
    ? ['#14171a', '#e6e8ea', '#9aa3ab', '#2b3137']
    : ['#ffffff', '#1c2024', '#667079', '#e5e8eb'];
  return [
    `.paper{fill:${paper}}`,
    `.label,.note{fill:${soft}}.note{stroke:${paper}}`,
    `.title,.legend,.heading{fill:${ink}}`,
    `.grid{stroke:${grid}}`,
    `.frame,.zero,.mark{stroke:${soft}}`,
    colourClass(dark),
    `.band{opacity:${dark ? 0.25 : 0.15}}`,
    `.dot{fill:${paper}}`,
  ].join('');
};

/** How lines are drawn, but for their colours. */
export const LINE_STYLE = [
  '.title,.heading{font-weight:600}.heading{font-size:14px}.note{font-size:11px;stroke-width:3;paint-order:stroke}',
  '.line{fill:none;stroke-width:2;stroke-linejoin:round}',
  '.frame{fill:none}.frame,.zero{stroke-width:1}.mark{stroke-width:1;stroke-dasharray:3 3}',
  dashClass,
  overClass,
  '.thin{stroke-width:1}.dot{stroke-width:2;stroke-dasharray:none}',
].join('\n');

/** The style sheet of a picture: no font or script from elsewhere; follows the reader's choice of light or dark. */
export const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",Arial,"Liberation Sans","Noto Sans",sans-serif;font-size:12px}',
  LINE_STYLE,
  theme(false),
  `@media (prefers-color-scheme:dark){${theme(true)}}`,
].join('\n');
