import { plainDiagnostic } from '../diagnostic-json.js';
import { Exit } from '../errors.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { checkFile, showDiagnostics } from './load.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc check FILE…`: diagnostics only. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument('<file...>', 'files to check, - for standard input, std/NAME for a standard loss')
    .action((files: string[], options: { json?: boolean }) => {
      const results = files.map((file) => ({ file, ...checkFile(file) }));
      const errors = results.reduce((total, result) => total + result.errors, 0);
      if (options.json) printJson({ errors, diagnostics: results.flatMap(plain) });
      else {
        for (const { program, diagnostics } of results) showDiagnostics(program, diagnostics);
        const warnings = results.reduce((total, result) => total + result.diagnostics.length, 0) - errors;
        const found = [counted(errors, 'error'), counted(warnings, 'warning')].filter((text) => text !== '');
        print(
          `${counted(files.length, 'file')} checked: ${found.length === 0 ? 'no mistakes' : found.join(', ')}`,
        );
      }
      if (errors > 0) throw new Exit(1);
    });
};

const counted = (n: number, noun: string): string => (n === 0 ? '' : `${n} ${noun}${n === 1 ? '' : 's'}`);

function plain({ program, diagnostics }: ReturnType<typeof checkFile>): unknown[] {
  return diagnostics.map((diagnostic) => plainDiagnostic(diagnostic, program.module.source));
}
