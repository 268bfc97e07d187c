/**
 * In the place of Node's modules, in the bundle of the page: there is no disk. What the bundled modules import of `node:` is here
 * under its name; an import of anything else ends the build.
 */
export const existsSync = (): boolean => false;
export const readdirSync = (): readonly string[] => [];
export const dirname = (path: string): string => path;
export const join = (...parts: readonly string[]): string => parts.join('/');
export const sep = '/';
export const pathToFileURL = (path: string): { readonly href: string } => ({ href: path });

/** As for a document that is in no file. */
export function fileURLToPath(): string {
  throw new TypeError('the page has no files');
}
