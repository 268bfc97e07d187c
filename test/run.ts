/**
 * Runs every `*.test.ts` under test/ (or those whose path contains an argument), each file in a process of its own,
 * as many at a time as there are cores.
 *
 *     --in DIR        another folder than test/
 *     --quick         leave out the slow files (test/runner/slow.ts)
 *     --skips FILE    write there what was skipped: a line for each reason, "file: reason"
 *     --ran DIR       write there which tests have passed
 *     --done DIR      leave out the tests that had passed by such a folder: those run that were skipped then
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle, bundleFolder } from './runner/bundle.js';
import { judge, type Outcome } from './runner/outcome.js';
import { SLOW } from './runner/slow.js';

interface Result extends Outcome {
  readonly file: string;
  readonly output: string;
  readonly seconds: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: {
    in: { type: 'string', default: 'test' },
    quick: { type: 'boolean', default: false },
    skips: { type: 'string' },
    ran: { type: 'string' },
    done: { type: 'string' },
  },
});
const bundles = bundleFolder(root);

/** Test files under a folder. Those in a `fixtures` folder are what other tests run. */
function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [relative(root, path)] : [];
  });
}

/** Milliseconds after which a file counts as hanging. The longest takes two minutes where nothing else is at work. */
const HANGS = 20 * 60_000;

/** What the suites of a file are told (test/runner/uvu.ts). */
const toldSuites = (file: string): Readonly<Record<string, string>> => ({
  LOSSC_TEST_FILE: file,
  ...(options.ran !== undefined && { LOSSC_TESTS_RAN: resolve(options.ran) }),
  ...(options.done !== undefined && { LOSSC_TESTS_DONE: resolve(options.done) }),
});

/** Runs a test file and answers with what it printed and how it ended. */
function output(file: string, path: string): Promise<{ text: string; code: number | null }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--enable-source-maps', path], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...toldSuites(file), NO_COLOR: '1' },
      timeout: HANGS,
      killSignal: 'SIGKILL',
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', (code) => done({ text: Buffer.concat(chunks).toString('utf8'), code }));
  });
}

async function run(file: string): Promise<Result> {
  const started = performance.now();
  const { text, code } = await bundle(root, file, bundles).then(
    (path) => output(file, path),
    (problem: unknown) => ({ text: String(problem), code: 1 }),
  );
  const outcome = judge(readFileSync(join(root, file), 'utf8'), text, code);
  return { ...outcome, file, output: text, seconds: (performance.now() - started) / 1000 };
}

const verdict = ({ passed, failed }: Result): string => (failed > 0 ? 'FAIL' : passed > 0 ? 'ok  ' : 'skip');

function show(result: Result): void {
  const { file, passed, failed, reasons, seconds, fault } = result;
  console.log(`${verdict(result)} ${file} (${passed}/${passed + failed}, ${seconds.toFixed(1)} s)`);
  for (const reason of reasons) console.log(`     SKIPPED ${reason}`);
  if (fault !== undefined) console.log(`     ${fault}`);
  if (failed > 0) console.log(result.output);
}

// Slow files first, so that no core waits at the end while another one is in the middle of one.
const found = testFiles(resolve(root, options.in))
  .filter((file) => wanted.length === 0 || wanted.some((part) => file.includes(part)))
  .sort();
const isSlow = (file: string): boolean => SLOW.includes(file);
const queue = [
  ...found.filter((file) => isSlow(file) && !options.quick),
  ...found.filter((file) => !isSlow(file)),
];
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

const skips = results.flatMap(({ file, reasons }) => reasons.map((reason) => `${file}: ${reason}`));
if (options.skips !== undefined) writeFileSync(options.skips, skips.map((line) => `${line}\n`).join(''));
if (skips.length > 0) console.log('\nSkipped, each for a reason that is no mistake:');
for (const line of skips) console.log(`  ${line}`);

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
