import { plainDiagnostic } from '../diagnostic-json.js';
import { Exit } from '../errors.js';
import { print, printJson } from '../terminal.js';
import { type Found, githubText, sarifLog } from './check-formats.js';
import type { Define } from './command.js';
import { checkFile, showDiagnostics } from './load.js';
import { lossFiles } from './loss-files.js';
import { addOptions, JSON_ROW, type Rows } from './option-table.js';
import { WATCH_ROW, whenChanged } from './watch.js';

interface CheckOptions {
  readonly format: 'text' | 'github' | 'sarif';
  readonly watch?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<CheckOptions> = {
  format: {
    flags: '--format <name>',
    says: 'output format: text, annotations for GitHub Actions, or a SARIF log',
    choices: ['text', 'github', 'sarif'],
    byDefault: 'text',
    unusable: ({ given }) => (given.has('json') ? 'contradicts --json' : undefined),
  },
  ...WATCH_ROW,
  ...JSON_ROW,
};

/** `lossc check FILE…`: diagnostics only. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument(
      '<file...>',
      'files, folders or patterns to check, - for standard input, std/NAME for a standard loss',
    )
    .action((given: string[], options: CheckOptions) => {
      if (options.watch === true) return whenChanged(given, () => check(given, options).files);
      if (check(given, options).errors > 0) throw new Exit(1);
      return undefined;
    });
};

/** Checks and tells what was found. */
function check(
  given: readonly string[],
  options: CheckOptions,
): { readonly files: readonly string[]; readonly errors: number } {
  const files = lossFiles(given);
  const results = files.map((file) => checkFile(file));
  const errors = results.reduce((total, result) => total + result.errors, 0);
  const found = results.flatMap(({ program, diagnostics }) =>
    diagnostics.map((diagnostic) => ({ diagnostic, source: diagnostic.source ?? program.module.source })),
  );
  if (options.json) printJson({ errors, diagnostics: found.map(plain) });
  else if (options.format === 'sarif') printJson(sarifLog(found));
  else {
    const warnings = found.length - errors;
    const counts = [counted(errors, 'error'), counted(warnings, 'warning')].filter((text) => text !== '');
    if (options.format === 'text')
      for (const { program, diagnostics } of results) showDiagnostics(program, diagnostics);
    else if (found.length > 0) print(githubText(found));
    print(
      `${counted(files.length, 'file')} checked: ${counts.length === 0 ? 'no mistakes' : counts.join(', ')}`,
    );
  }
  return { files, errors };
}

const counted = (n: number, noun: string): string => (n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}`);

const plain = ({ diagnostic, source }: Found): unknown => plainDiagnostic(diagnostic, source);
