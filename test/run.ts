/**
 * Runs every `*.test.ts` under test/ (or those whose path contains an argument), each file in a process of its own,
 * as many at a time as there are cores. A file that runs no test fails: uvu passes a suite without `.run()` in silence.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Result {
  readonly file: string;
  readonly passed: number;
  readonly total: number;
  readonly skipped: number;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return entry.name.endsWith('.test.ts') ? [relative(root, path)] : [];
  });
}

function count(output: string, label: string): number {
  return [...output.matchAll(new RegExp(`${label}:\\s+(\\d+)`, 'g'))].reduce(
    (sum, m) => sum + Number(m[1]),
    0,
  );
}

function run(file: string): Promise<Result> {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', 'tsx', file], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => {
      const output = Buffer.concat(chunks).toString('utf8');
      const total = count(output, 'Total');
      const passed = count(output, 'Passed');
      const skipped = count(output, 'Skipped');
      const ok = code === 0 && total > 0 && passed + skipped >= total;
      resolve({ file, passed, total, skipped, ok, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const queue = testFiles(join(root, 'test'))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const results: Result[] = [];

async function worker(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await run(file);
    results.push(result);
    const verdict = result.ok ? 'ok  ' : 'FAIL';
    console.log(`${verdict} ${file} (${result.passed}/${result.total}, ${result.seconds.toFixed(1)} s)`);
    const skips = result.output.split('\n').filter((line) => line.startsWith('SKIPPED'));
    for (const line of skips) console.log(`     ${line}`);
    if (!result.ok)
      console.log(result.total === 0 && result.output === '' ? '     ran no test' : result.output);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
const sum = (pick: (result: Result) => number): number =>
  results.reduce((total, result) => total + pick(result), 0);
const failedFiles = results.filter((result) => !result.ok);
const failed = Math.max(
  sum((r) => r.total - r.passed - r.skipped),
  failedFiles.length,
);
console.log(`\n${sum((r) => r.passed)} passed, ${failed} failed, ${sum((r) => r.skipped)} skipped`);
if (failedFiles.length > 0) console.log(`failed: ${failedFiles.map((r) => r.file).join(' ')}`);
process.exitCode = failedFiles.length === 0 && results.length > 0 ? 0 : 1;
