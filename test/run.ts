/**
 * Runs every `*.test.ts` under test/ (or those whose path contains an argument), each file in a process of its own,
 * as many at a time as there are cores.
 *
 *     --in DIR        another folder than test/
 *     --skips FILE    write there the files in which something was skipped, one a line
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { judge, type Outcome } from './runner/outcome.js';

interface Result extends Outcome {
  readonly file: string;
  readonly output: string;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { in: { type: 'string', default: 'test' }, skips: { type: 'string' } },
});

/** Test files under a folder. Those in a `fixtures` folder are what other tests run. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [relative(root, path)] : [];
  });
}

function run(file: string): Promise<Result> {
  return new Promise((done) => {
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
      const outcome = judge(readFileSync(join(root, file), 'utf8'), output, code);
      done({ ...outcome, file, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const verdict = ({ passed, failed }: Result): string => (failed > 0 ? 'FAIL' : passed > 0 ? 'ok  ' : 'skip');

function show(result: Result): void {
  const { file, passed, failed, reasons, seconds, fault } = result;
  console.log(`${verdict(result)} ${file} (${passed}/${passed + failed}, ${seconds.toFixed(1)} s)`);
  for (const reason of reasons) console.log(`     SKIPPED ${reason}`);
  if (fault !== undefined) console.log(`     ${fault}`);
  if (failed > 0) console.log(result.output);
}

const queue = testFiles(resolve(root, options.in))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const results: Result[] = [];

async function worker(): Promise<void> {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await run(file);
    results.push(result);
    show(result);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, worker));
results.sort((a, b) => (a.file < b.file ? -1 : 1));

const withSkips = results.filter(({ skipped, reasons }) => skipped > 0 || reasons.length > 0);
if (options.skips !== undefined)
  writeFileSync(options.skips, withSkips.map(({ file }) => `${file}\n`).join(''));
if (withSkips.length > 0) console.log('\nSkipped, each for a reason that is no mistake:');
for (const { file, reasons } of withSkips) for (const reason of reasons) console.log(`  ${file}: ${reason}`);

const failed = results.filter((result) => result.failed > 0);
if (failed.length > 0) console.log('\nFailed:');
for (const { file } of failed) console.log(`  ${file}`);

if (results.length === 0) console.log(`no test file matches ${wanted.join(' ')}`);
const sum = (pick: (result: Result) => number): number =>
  results.reduce((total, result) => total + pick(result), 0);
console.log(
  `\n${sum((r) => r.passed)} passed, ${sum((r) => r.failed)} failed, ${sum((r) => r.skipped)} skipped`,
);
process.exitCode = failed.length === 0 && results.length > 0 ? 0 : 1;
