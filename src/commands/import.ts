import { existsSync } from 'node:fs';
import { drawFrame } from '../../grammar/diagnostics/frame.js';
import { positionAt, type Source } from '../../grammar/diagnostics/source.js';
import { RunError, UsageError } from '../errors.js';
import { writeFileSafely } from '../files.js';
import { importFormula, type Refusal } from '../import/import.js';
import { LANGUAGES, type Language } from '../import/term.js';
import { readText } from '../read-text.js';
import { print, printError } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

interface ImportCommandOptions {
  readonly from?: Language;
  readonly name?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const ROWS: Rows<ImportCommandOptions> = {
  from: {
    flags: '--from <language>',
    says: 'language of the formula: Python with names from PyTorch, NumPy or SymPy, mathjs, or LaTeX (default: detected)',
    choices: LANGUAGES,
  },
  name: { flags: '--name <name>', says: 'name of the loss' },
  out: { flags: '--out <file>', says: 'the file to write (default: standard output)' },
  force: {
    flags: '--force',
    says: 'replace the file if it exists',
    unusable: ({ given }) => (given.has('out') ? undefined : 'is for --out'),
  },
};

/** `lossc import EXPRESSION`: a formula of another language as a `.loss` file. What it cannot read it says. */
export const define: Define = (command) => {
  const parseOptions = command.parseOptions.bind(command);
  command.parseOptions = (args) => parseOptions(withFormulaLast(args));
  addOptions(command, ROWS)
    .argument('<expression>', 'the formula; - reads it from standard input')
    .addHelpText(
      'after',
      '\nWhat the formula leaves open is guessed; a question in a comment marks each guess.' +
        '\n\nExamples:\n  lossc import "F.huber_loss(pred, target, delta=2.0)" --out huber.loss' +
        "\n  lossc import '-(y * torch.log(p)).sum(-1).mean()'",
    )
    .action(async (given: string, { from, name, out, force }: ImportCommandOptions) => {
      if (name !== undefined && !/^[A-Za-z_]\w*$/.test(name))
        throw new UsageError(
          `--name: "${name}" cannot be the name of a loss`,
          'a name has letters, digits and _',
        );
      if (given !== '-' && existsSync(given))
        throw new UsageError(`${given} is a file, but a formula is expected`, `lossc import - < ${given}`);
      if (FILE_NAME.test(given))
        throw new UsageError(
          `${given} looks like a file that does not exist; a formula is expected`,
          'lossc import - reads a formula from standard input',
        );
      if (out !== undefined && out !== '-' && force !== true && existsSync(out))
        throw new UsageError(
          `--out: ${out} already exists`,
          'choose another name, or replace it with --force',
        );
      const source = given === '-' ? standardInput() : { name: '(formula)', text: given };
      const found = await importFormula(source.text, { language: from, name });
      if (found.kind === 'refused') throw refusalOf(found, source);
      if (out === undefined || out === '-') {
        print(found.text.trimEnd());
        return;
      }
      writeFileSafely(out, found.text);
      const questions = found.text.match(/^\s*\/\/ question: /gm)?.length ?? 0;
      print(`wrote ${out}`);
      if (questions > 0)
        printError(
          `Next: answer ${questions === 1 ? 'the question' : `the ${questions} questions`} in its comments`,
        );
    });
};

const FILE_NAME = /^[\w./\\-]+\.(?:py|ipynb|tex|m?js|ts|txt|loss)$/;

/** A formula that begins with a minus is none of the options, which all are words. */
function withFormulaLast(args: readonly string[]): string[] {
  const at = args.indexOf('--') < 0 ? args.findIndex((arg) => /^-(?!-|h$)./.test(arg)) : -1;
  return at < 0 ? [...args] : [...args.toSpliced(at, 1), '--', args[at]!];
}

function standardInput(): Source {
  const text = readText(0);
  if (typeof text === 'string') return { name: '(stdin)', text };
  throw new RunError(`cannot read standard input: ${text.problem}`, text.hint);
}

/** The sentence and the place below it. */
function refusalOf({ message, span, hint }: Refusal, source: Source): RunError {
  const { gutter, rows } = drawFrame(span, source);
  const { line, column } = positionAt(source, span.start);
  const lines = [
    message,
    `${' '.repeat(gutter)}--> ${source.name}:${line}:${column}`,
    ...rows.map(({ label, text }) => `${label.padStart(gutter)} | ${text}`.trimEnd()),
  ];
  return new RunError(lines.join('\n'), hint);
}
