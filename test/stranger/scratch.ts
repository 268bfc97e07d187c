/** A copy of the sources in a temporary folder, in which a stranger may add what he likes. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Place } from './additions.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COPIED = ['package.json', 'tsconfig.json', 'grammar', 'compiler', 'src', 'stdlib', 'test'] as const;
/** What is compiled: the compiler, and what of the tests knows each operator or function. */
const COMPILED = [
  'grammar',
  'compiler',
  'test/helpers',
  'test/fuzz',
  'test/bench',
  'test/compiler/operators',
];

export class Scratch {
  readonly #folder = mkdtempSync(join(tmpdir(), 'lossc-stranger-'));
  readonly #originals = new Map<string, string>();

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.#folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.#folder, 'node_modules'));
    const options = {
      extends: './tsconfig.json',
      compilerOptions: { incremental: true, tsBuildInfoFile: './scratch.tsbuildinfo' },
      include: COMPILED,
    };
    this.write('tsconfig.scratch.json', JSON.stringify(options));
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.#folder, file), text);
  }

  /** The files with these lines in them, and no others. */
  fill(places: readonly Place[]): void {
    for (const [file, text] of this.#originals) this.write(file, text);
    const filled = new Map<string, string>();
    for (const { file, below, lines } of places) {
      if (!this.#originals.has(file))
        this.#originals.set(file, readFileSync(join(this.#folder, file), 'utf8'));
      filled.set(file, inserted(filled.get(file) ?? this.#originals.get(file)!, below, lines, file));
    }
    for (const [file, text] of filled) this.write(file, text);
  }

  /** The errors of the type checker, one a line. */
  errors(): readonly string[] {
    const { stdout } = this.#run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.scratch.json']);
    return stdout.split('\n').filter((line) => /: error TS\d+/.test(line));
  }

  /** Whether a test passes, and what it prints. */
  test(file: string): { readonly passes: boolean; readonly text: string } {
    const { status, stdout, stderr } = this.#run(['--import', 'tsx', file]);
    return { passes: status === 0, text: `${stdout}${stderr}` };
  }

  #run(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(process.execPath, args, { cwd: this.#folder, encoding: 'utf8' });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function inserted(text: string, below: string, lines: string, file: string): string {
  const at = text.indexOf(below);
  if (at < 0) throw new Error(`${file} has no line with ${below}`);
  const end = text.indexOf('\n', at) + 1;
  return `${text.slice(0, end)}${lines}\n${text.slice(end)}`;
}
