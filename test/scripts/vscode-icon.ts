/** `npm run build:vscode-icon`: draws the icon of the extension from its SVG, with the optional package @resvg/resvg-js. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/stdlib.js';

const { Resvg } = await import('@resvg/resvg-js');
const folder = join(packageRoot(), 'src/vscode/icons');
const picture = new Resvg(readFileSync(join(folder, 'lossc.svg'), 'utf8'), {
  font: { loadSystemFonts: false },
});
writeFileSync(join(folder, 'lossc.png'), picture.render().asPng());
