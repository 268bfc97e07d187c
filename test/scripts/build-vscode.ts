/** `npm run build:vscode [FILE]`: writes the extension for Visual Studio Code, packed. */
import { join } from 'node:path';
import { writeFileSafely } from '../../src/files.js';
import { packageRoot } from '../../src/stdlib.js';
import { buildVscode, packVscode } from './vscode.js';

const folder = join(packageRoot(), 'dist/vscode');
await buildVscode(folder);
writeFileSafely(process.argv[2] ?? join(packageRoot(), 'dist/lossc.vsix'), packVscode(folder));
