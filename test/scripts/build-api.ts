/** Writes the reference of the API. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { apiPages, FOLDER } from './api-pages.js';

const folder = fileURLToPath(new URL(`../../${FOLDER}`, import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const [name, text] of apiPages()) writeFileSync(join(folder, name), text);
