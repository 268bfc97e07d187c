import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.js';
import { writeFilesSafely } from '../files.js';
import { packageRoot } from '../stdlib.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

interface InitOptions {
  readonly out: string;
}

const ROWS: Rows<InitOptions> = {
  out: { flags: '--out <dir>', says: 'folder for the files', byDefault: '.' },
};

/** What can be begun: files in a folder of the package, and what to do with them. */
const STARTS: Readonly<
  Record<string, { readonly folder: string; readonly files: readonly string[]; readonly next: string }>
> = {
  'evaluator pytorch': {
    folder: 'src/evaluator',
    files: ['lossc.py', 'train.py'],
    next: 'change train.py as you need; try it with: lossc evolve --evaluator "python train.py" --population 8 --generations 2',
  },
  task: {
    folder: 'examples/regression',
    files: ['data.mjs', 'model.mjs'],
    next: 'change both as you need; try them with: lossc compare std/mse std/huber --dataset ./data.mjs --model ./model.mjs --metric mae --steps 300 --tune-lr',
  },
};

/** `lossc init evaluator pytorch`, `lossc init task`: the first files of what people write beside lossc. Nothing is overwritten. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<what...>', Object.keys(STARTS).join(' or '))
    .action((what: string[], { out }: InitOptions) => {
      const name = what.join(' ');
      const start = Object.hasOwn(STARTS, name) ? STARTS[name] : undefined;
      if (start === undefined)
        throw new UsageError(
          `lossc init has no template "${name}"`,
          `the templates are ${Object.keys(STARTS).join(', ')}`,
        );
      const files = start.files.map((file) => ({ file, path: join(out, file) }));
      const there = files.find(({ path }) => existsSync(path));
      if (there !== undefined)
        throw new UsageError(`${there.path} already exists`, 'choose another folder with --out');
      const folder = join(packageRoot(), start.folder);
      writeFilesSafely(files.map(({ file, path }) => [path, readFileSync(join(folder, file))]));
      for (const { path } of files) print(`wrote ${path}`);
      print(start.next);
    });
};
