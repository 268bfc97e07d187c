/** What the process of one test file says about it. */
export interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Why something was skipped, as the file says it. */
  readonly reasons: readonly string[];
  /** What is wrong with the file itself, where no test says so. */
  readonly fault?: string;
}

const REASON = /^SKIPPED (.+)$/gm;
const SUITE = /^\s*(?:export )?const (\w+) = suite\b/gm;

/**
 * uvu passes in silence what was never run: a suite without `.run()`, one in which nothing is registered, one whose
 * `before` throws. A file of which everything is skipped is fine, so long as it says why.
 */
export function judge(source: string, output: string, code: number | null): Outcome {
  const total = count(output, 'Total');
  const passed = count(output, 'Passed');
  const skipped = count(output, 'Skipped');
  const reasons = [...output.matchAll(REASON)].map((match) => match[1]!);
  const counts = { passed, failed: total - passed, skipped, reasons };
  const fault = faultOf(source, counts, code);
  if (fault === undefined) return counts;
  return { ...counts, failed: Math.max(1, counts.failed), fault };
}

function faultOf(source: string, counts: Outcome, code: number | null): string | undefined {
  for (const [, name] of source.matchAll(SUITE)) {
    if (!source.includes(`${name}.run()`))
      return `the suite "${name}" is never run: ${name}.run() is missing`;
  }
  if (counts.passed + counts.failed + counts.skipped === 0) return 'it ran no test';
  if (counts.failed > 0) return undefined;
  if (code !== 0) return `it ended with ${code === null ? 'a signal' : `exit code ${code}`}`;
  if (counts.skipped > 0 && counts.reasons.length === 0)
    return 'it skips tests and prints no "SKIPPED" with a reason';
  return undefined;
}

/** uvu's own summary, the last of that name: a test may print another program's. */
function count(output: string, label: string): number {
  const found = [...output.matchAll(new RegExp(`^  ${label}:\\s+(\\d+)$`, 'gm'))].at(-1);
  return Number(found?.[1] ?? 0);
}
