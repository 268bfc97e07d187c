/**
 * The test files that take longest, some of them a hundred times as long as the others: begun first, and left out by
 * `--quick`. In the order of the processor time that they took when this list was made, the longest first.
 */
export const SLOW: readonly string[] = [
  'test/package.test.ts',
  'test/compiler/emit/tfjs/memory.test.ts',
  'test/compiler/hostile.test.ts',
  'test/commands/resume.test.ts',
  'test/entries.test.ts',
  'test/evolve/run/run-search.test.ts',
  'test/commands/options.test.ts',
  'test/compiler/properties.test.ts',
  'test/commands/evolve.test.ts',
  'test/compiler/explain/soundness.test.ts',
  'test/evolve/store/faults.test.ts',
  'test/grammar/hostile.test.ts',
  'test/compiler/emit/tfjs/typescript.test.ts',
  'test/stranger.test.ts',
  'test/evolve/executors/pool/pool.test.ts',
  'test/compiler/exact.test.ts',
  'test/grammar/fuzz.test.ts',
  'test/evolve/search/search.test.ts',
  'test/stdlib/wasm.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/report/report.test.ts',
  'test/evolve/screening/neighbours.test.ts',
  'test/compiler/growth.test.ts',
  'test/commands/train.test.ts',
  'test/commands/usage.test.ts',
  'test/stdlib/saturation.test.ts',
  'test/compiler/explain/facts.test.ts',
  'test/runner/run.test.ts',
];
