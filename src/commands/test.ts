import { testsOf } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { Exit, RunError } from '../errors.js';
import { print, printError, printJson, wantsColor } from '../terminal.js';
import type { Define } from './command.js';
import { openChecked } from './load.js';
import { lossFiles } from './loss-files.js';
import { addOptions, JSON_ROW, type Rows } from './option-table.js';
import { WATCH_ROW, whenChanged } from './watch.js';

const HOW_TO_TEST = 'write a test in the same file: test mse { target = [0], prediction = [2], value ~ 4 }';

interface TestOptions {
  readonly watch?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<TestOptions> = { ...WATCH_ROW, ...JSON_ROW };

/** `lossc test FILE…`: runs the test blocks, as written, from logits and with labels. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file...>', 'files, folders or patterns to test, std/NAME for a standard loss')
    .action((given: string[], options: TestOptions) => {
      if (options.watch === true) return whenChanged(given, () => test(given, options).files);
      if (test(given, options).failed > 0) throw new Exit(1);
      return undefined;
    });
};

/** Runs the tests and tells which failed. */
function test(
  given: readonly string[],
  options: TestOptions,
): { readonly files: readonly string[]; readonly failed: number } {
  const files = lossFiles(given);
  const results = files.map((file) => {
    const program = openChecked(file);
    return {
      file,
      source: program.module.source,
      blocks: testsOf(program).length,
      outcomes: runTests(program),
    };
  });
  // A run in which nothing is tested must not look like one in which all is well.
  if (results.every(({ blocks }) => blocks === 0))
    throw new RunError(`there are no tests in ${given.join(', ')}`, HOW_TO_TEST);
  const outcomes = results.flatMap((result) => result.outcomes);
  const failed = outcomes.filter((outcome) => outcome.failures.length > 0).length;
  if (options.json) {
    printJson({
      passed: outcomes.length - failed,
      failed,
      tests: results.flatMap(({ file, outcomes: list }) =>
        list.map(({ loss, form, failures }) => ({
          file,
          loss,
          form,
          failures: failures.map((failure) => failure.message),
        })),
      ),
    });
  } else {
    for (const { source, outcomes: list } of results) {
      for (const { failures } of list) {
        for (const failure of failures)
          printError(`${formatDiagnostic(failure, source, { color: wantsColor(process.stderr) })}\n`);
      }
    }
    // Of a folder's files those that have tests are of interest.
    for (const { file, blocks } of results)
      if (blocks === 0 && given.includes(file)) print(`${file} has no tests`);
    print(`${outcomes.length - failed} passed, ${failed} failed`);
  }
  return { files, failed };
}
