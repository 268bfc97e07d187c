/** `npm run build:playground [FOLDER]`: writes the page, as a folder that any web server can serve. */
import { join } from 'node:path';
import { packageRoot } from '../../src/stdlib.js';
import { buildPlayground } from './playground.js';

await buildPlayground(process.argv[2] ?? join(packageRoot(), 'dist/playground'));
