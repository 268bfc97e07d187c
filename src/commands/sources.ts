import { loadProgram } from '../../compiler/resolve/program.js';
import type { Sources } from '../evolve/model/sources.js';
import { importResolver, readLossFile } from '../stdlib.js';

/** A file with the text of everything it imports, so that a run means the same whatever becomes of the files. */
export function readSources(path: string): Sources {
  const source = readLossFile(path);
  const resolve = importResolver(path);
  const imports: Sources['imports'][number][] = [];
  loadProgram(source, (specifier, from) => {
    const found = resolve(specifier, from);
    if (!('problem' in found)) imports.push({ from: from.name, specifier, source: found });
    return found;
  });
  return { source, imports };
}
