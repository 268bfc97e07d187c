import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A language server that can be started. */
export interface FoundServer {
  readonly from: 'workspace' | 'setting' | 'extension';
  /** A file of JavaScript for the Node of the editor, or a program. */
  readonly kind: 'module' | 'program';
  readonly path: string;
  readonly args: readonly string[];
}

/** Where one may be. */
export interface Places {
  /** Folders of the workspace, in order; none where the workspace is not trusted, whose programs are not to be run. */
  readonly folders: readonly string[];
  /** What the setting says; empty where it says nothing. */
  readonly setting: string;
  /** The folder of the extension. */
  readonly extension: string;
}

/** The lossc of the workspace, or that of the setting, or the one that comes with the extension. */
export async function findServer({ folders, setting, extension }: Places): Promise<FoundServer> {
  for (const folder of folders) {
    const path = await commandOf(join(folder, 'node_modules/lossc'));
    if (path !== undefined) return { from: 'workspace', kind: 'module', path, args: ['lsp'] };
  }
  if (setting !== '') {
    // What npm puts on the path is a link to a file of JavaScript.
    const path = existsSync(setting) ? realpathSync(setting) : setting;
    const kind = /\.[cm]?js$/.test(path) ? 'module' : 'program';
    return { from: 'setting', kind, path, args: ['lsp'] };
  }
  return { from: 'extension', kind: 'module', path: join(extension, 'dist/server.cjs'), args: [] };
}

/** The file of the command in a package; undefined where there is none, or it was not built. */
async function commandOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const path = join(folder, binOf(text) ?? '');
  return path !== folder && existsSync(path) ? path : undefined;
}

function binOf(manifest: string): string | undefined {
  try {
    const { bin } = JSON.parse(manifest) as { readonly bin?: string | Readonly<Record<string, string>> };
    return typeof bin === 'string' ? bin : bin?.['lossc'];
  } catch {
    return undefined;
  }
}
