import { readFileSync, realpathSync, statSync } from 'node:fs';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { formatSource } from '../../grammar/format/format.js';
import { Exit, UsageError } from '../errors.js';
import { writeFileSafely } from '../files.js';
import { readSource } from '../stdlib.js';
import { print, printError, printJson, wantsColor } from '../terminal.js';
import type { Define } from './command.js';
import { lossFiles } from './loss-files.js';
import { addOptions, type Rows } from './option-table.js';

interface FormatOptions {
  readonly check?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<FormatOptions> = {
  check: { flags: '--check', says: 'change nothing; exit with code 1 if a file is not formatted' },
  json: {
    flags: '--json',
    says: 'print JSON',
    unusable: ({ files, values }) =>
      files.includes('-') && values['check'] !== true
        ? 'cannot be combined with the output of -, unless --check is given'
        : undefined,
  },
};

/** `lossc fmt FILE…`: canonical layout, comments kept. A file with mistakes is left as it is. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument(
      '<file...>',
      'files, folders or patterns to format in place; - formats standard input to standard output',
    )
    .action((files: string[], options: FormatOptions) => {
      const results = lossFiles(files).map((file) => formatOne(file, options.check === true));
      if (options.json) printJson({ files: results });
      else
        for (const result of results)
          if (result.status !== 'formatted' && result.file !== '-') print(`${result.status} ${result.file}`);
      const failed = results.some(
        (result) =>
          result.status === 'has mistakes' || (options.check === true && result.status === 'would change'),
      );
      if (failed) throw new Exit(1);
    });
};

interface FormatResult {
  readonly file: string;
  readonly status: 'formatted' | 'changed' | 'would change' | 'has mistakes';
}

function formatOne(file: string, checkOnly: boolean): FormatResult {
  const source = readSource(file);
  const { text, diagnostics } = formatSource(source);
  if (diagnostics.length > 0) {
    for (const diagnostic of diagnostics) {
      printError(`${formatDiagnostic(diagnostic, source, { color: wantsColor(process.stderr) })}\n`);
    }
    return { file, status: 'has mistakes' };
  }
  if (file === '-') {
    if (!checkOnly) process.stdout.write(text);
    return { file, status: checkOnly && text !== source.text ? 'would change' : 'formatted' };
  }
  if (!statSync(file).isFile()) throw new UsageError(`${file} is a pipe or a device`, 'format it with -');
  if (text === readFileSync(file, 'utf8')) return { file, status: 'formatted' };
  if (checkOnly) return { file, status: 'would change' };
  // A link stays one.
  writeFileSafely(realpathSync(file), text);
  return { file, status: 'changed' };
}
