/** Which places of the sources a test has executed, from what Node leaves in the folder NODE_V8_COVERAGE. */
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** By file: the stretches that were not executed, as offsets in the source. A file that was not loaded is not there. */
export type Coverage = Readonly<Record<string, readonly (readonly [number, number])[]>>;

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly ranges: readonly Range[] }[];
}

/** What several processes of one test have executed together: only what none of them has is not covered. */
export function readCoverage(folder: string, root: string): Coverage {
  const all: Record<string, (readonly [number, number])[]> = {};
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: readonly Script[] };
    for (const { url, functions } of result) {
      if (!url.startsWith('file:') || !url.endsWith('.js')) continue;
      const path = fileURLToPath(url);
      if (!path.startsWith(`${root}/`) || path.includes('/node_modules/') || path.startsWith(`${root}/test/`))
        continue;
      const file = path.slice(root.length + 1).replace(/\.js$/, '.ts');
      const missed = notExecuted(path, functions);
      const before = all[file];
      all[file] =
        before === undefined
          ? missed
          : missed.filter(([start, end]) => before.some(([a, b]) => a <= start && end <= b));
    }
  }
  return all;
}

function notExecuted(path: string, functions: Script['functions']): (readonly [number, number])[] {
  const code = lineStarts(readFileSync(path, 'utf8'));
  const source = lineStarts(readFileSync(path.replace(/\.js$/, '.ts'), 'utf8'));
  const map = new SourceMap(JSON.parse(readFileSync(`${path}.map`, 'utf8')));
  const original = (offset: number): number | undefined => {
    const line = code.findLastIndex((start) => start <= offset);
    const entry = map.findEntry(line, offset - code[line]!);
    return 'originalLine' in entry ? source[entry.originalLine]! + entry.originalColumn : undefined;
  };
  return functions
    .flatMap(({ ranges }) => ranges)
    .filter(({ count }) => count === 0)
    .flatMap(({ startOffset, endOffset }) => {
      const [start, end] = [original(startOffset), original(endOffset)];
      return start !== undefined && end !== undefined && start < end ? [[start, end] as const] : [];
    });
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Whether a test reaches a place at all. Where nothing is known of a stretch, it does. */
export const reaches = (coverage: Coverage, file: string, start: number, end: number): boolean =>
  coverage[file] !== undefined && !coverage[file].some(([from, to]) => from <= start && end <= to);
