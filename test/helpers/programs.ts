/** Programs that some tests use and that may be missing. They are looked for on the PATH alone, so that a PATH can hide them. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Every program on the PATH that has one of these names, in the order of the PATH. */
export function onPath(...names: readonly string[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A Python that has all these modules, or undefined. Debian's packages belong to a Python that need not be the first. */
export const pythonWith = (...modules: readonly string[]): string | undefined =>
  onPath('python3').find(
    (python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`], { stdio: 'ignore' }).status === 0,
  );

/** A browser that playwright can drive, or undefined. */
export const browserProgram = (): string | undefined =>
  process.env['LOSSC_CHROMIUM'] ?? onPath('chromium', 'chromium-browser', 'google-chrome')[0];
