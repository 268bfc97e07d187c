import { messageOf, RunError } from '../errors.js';

/** What is used of `@resvg/resvg-js`, which need not be there. */
interface Resvg {
  readonly Resvg: new (
    svg: string,
    options: {
      readonly font: { readonly loadSystemFonts: boolean };
      readonly fitTo?: { readonly mode: 'zoom'; readonly value: number };
    },
  ) => { render(): { readonly pixels: Uint8Array; asPng(): Uint8Array } };
}

/** Pixels of the picture for one of the SVG: sharp on a dense screen and in print. */
const ZOOM = 2;

const PACKAGE = '@resvg/resvg-js';

const isMissing = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_MODULE_NOT_FOUND';

/** An SVG picture as PNG, with the fonts of the system. Throws `RunError` without the package for it, or without a font. */
export async function pngOf(
  svg: string,
  load: () => Promise<unknown> = () => import(PACKAGE),
): Promise<Uint8Array> {
  const { Resvg } = await load().then(
    (loaded) => loaded as Resvg,
    (thrown: unknown) => {
      throw new RunError(
        `a PNG needs the package ${PACKAGE}, which ${isMissing(thrown) ? 'is not installed' : `does not load (${messageOf(thrown)})`}`,
        `npm install ${PACKAGE}, or write SVG`,
      );
    },
  );
  const font = { loadSystemFonts: true };
  // Without a font text is left out, and nothing is said of it.
  const [style] = /<style>[\s\S]*?<\/style>/.exec(svg) ?? [''];
  const letters = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">${style}<text y="15">loss</text></svg>`;
  if (new Resvg(letters, { font }).render().pixels.every((value) => value === 0))
    throw new RunError(
      'no font for the text of a PNG is installed',
      'install DejaVu Sans (fonts-dejavu-core), Liberation Sans or Noto Sans, or write SVG',
    );
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: ZOOM } }).render().asPng();
}
