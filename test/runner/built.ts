import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The last file that `npm run build` writes. */
const LAST = 'dist/src/commands/check.js';

/** Whether what is built was built from the sources as they are. */
export function isBuilt(root: string): boolean {
  const last = join(root, LAST);
  if (!existsSync(last)) return false;
  const built = statSync(last).mtimeMs;
  const sources = ['grammar', 'compiler', 'src'].flatMap((folder) => [
    folder,
    ...readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  ]);
  return sources.every((path) => statSync(join(root, path)).mtimeMs < built);
}
