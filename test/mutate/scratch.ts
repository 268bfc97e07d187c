/** A copy of the sources in which one file at a time is another one, and tests are run. */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { judge } from '../runner/outcome.js';
import { filesUnder } from './sources.js';

const COPIED = [
  'package.json',
  'tsconfig.json',
  'grammar',
  'compiler',
  'src',
  'stdlib',
  'test',
  'examples',
] as const;
const TRANSLATED = ['grammar', 'compiler', 'src', 'test'] as const;
/** A mutant may ask for memory without end. */
const MEGABYTES = 2000;

interface TestRun {
  readonly result: 'passed' | 'failed' | 'too long';
  readonly seconds: number;
  /** Of a processor, which does not depend on what else the machine does. */
  readonly work: number;
}

export class Scratch {
  readonly folder = mkdtempSync(join(tmpdir(), 'lossc-mutate-'));
  readonly #from: string;
  readonly #children = new Set<number>();

  /**
   * Every file is translated beside itself, once, so that Node loads the tests as they are. `from`: a checkout, or a copy in which
   * that has been done.
   */
  constructor(from: string | Scratch) {
    this.#from = typeof from === 'string' ? from : from.folder;
    process.on('exit', () => this.#remove());
    for (const name of COPIED) cpSync(join(this.#from, name), join(this.folder, name), { recursive: true });
    const packages = realpathSync(join(this.#from, 'node_modules'));
    symlinkSync(packages, join(this.folder, 'node_modules'));
    if (typeof from !== 'string') return;
    for (const folder of TRANSLATED) for (const file of filesUnder(from, folder, '.ts')) this.restore(file);
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    const { code, map } = transformSync(text, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'external',
    });
    writeFileSync(path, text);
    writeFileSync(path.replace(/\.ts$/, '.js'), code);
    writeFileSync(path.replace(/\.ts$/, '.js.map'), map);
  }

  restore(file: string): void {
    this.write(file, readFileSync(join(this.#from, file), 'utf8'));
  }

  /** Runs a test file until its first failure. `coverage` is a folder in which Node leaves what was executed. */
  async test(file: string, limit: number, coverage?: string): Promise<TestRun> {
    const started = performance.now();
    const { text, code, late } = await this.#run(file, limit, coverage);
    const seconds = (performance.now() - started) / 1000;
    const work = Number(/^processor seconds: (.*)$/m.exec(text)?.[1] ?? seconds);
    if (late) return { result: 'too long', seconds, work };
    const { failed } = judge(readFileSync(join(this.folder, file), 'utf8'), text, code);
    return { result: failed === 0 ? 'passed' : 'failed', seconds, work };
  }

  #run(
    file: string,
    limit: number,
    coverage?: string,
  ): Promise<{ text: string; code: number | null; late: boolean }> {
    const child = spawn(
      process.execPath,
      [`--max-old-space-size=${MEGABYTES}`, 'test/mutate/one-file.js', file.replace(/\.ts$/, '.js')],
      {
        cwd: this.folder,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          NO_COLOR: '1',
          ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
        },
      },
    );
    const group = child.pid!;
    this.#children.add(group);
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(group);
    }, limit * 1000);
    return new Promise((done) => {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      child.stderr.resume();
      child.on('exit', (code) => {
        clearTimeout(timer);
        // Whatever the test has started goes with it.
        end(group);
        this.#children.delete(group);
        child.on('close', () => done({ text, code, late }));
      });
    });
  }

  #remove(): void {
    for (const group of this.#children) end(group);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Ends a process and those that it has started. */
function end(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
