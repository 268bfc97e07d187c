import { testsOf } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { Exit, RunError } from '../errors.js';
import { print, printError, printJson, wantsColor } from '../terminal.js';
import type { Define } from './command.js';
import { openChecked } from './load.js';
import { addOptions, JSON_ROW } from './option-table.js';

const HOW_TO_TEST =
  'a test is written beside the loss: test mse { target = [0], prediction = [2], value ~ 4 }';

/** `lossc test FILE…`: runs the test blocks, as written, from logits and with labels. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<file...>', 'files whose tests to run, std/NAME for a standard loss')
    .action((files: string[], options: { json?: boolean }) => {
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
        throw new RunError(`there are no tests in ${files.join(', ')}`, HOW_TO_TEST);
      const outcomes = results.flatMap((result) => result.outcomes);
      const failed = outcomes.filter((outcome) => outcome.failures.length > 0);
      if (options.json) {
        printJson({
          passed: outcomes.length - failed.length,
          failed: failed.length,
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
        for (const { file, blocks } of results) if (blocks === 0) print(`${file} has no tests`);
        print(`${outcomes.length - failed.length} passed, ${failed.length} failed`);
      }
      if (failed.length > 0) throw new Exit(1);
    });
};
