import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isBuilt } from '../runner/built.js';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What Node runs as `lossc`: the build, which starts in a quarter of the time, unless the sources are newer. */
export const CLI: readonly string[] = isBuilt(ROOT)
  ? [join(ROOT, 'dist/src/cli.js')]
  : ['--import', import.meta.resolve('tsx'), join(ROOT, 'src/cli.ts')];

/** Runs `lossc` as a process, in the folder given (the checkout unless told). */
export function lossc(
  args: readonly string[],
  options: { cwd?: string; input?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...CLI, ...args], {
      cwd: options.cwd ?? ROOT,
      env: { ...process.env, NO_COLOR: '1', ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? '');
  });
}

const scratched: string[] = [];
process.on('exit', () => {
  for (const folder of scratched) rmSync(folder, { recursive: true, force: true });
});

/** A folder for one test, gone when the process ends, with files by name. */
export function scratch(files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'lossc-test-'));
  scratched.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
