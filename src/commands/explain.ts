import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { compileLoss } from '../../compiler/compile.js';
import { explainLoss } from '../../compiler/explain/explain.js';
import { printExplanation } from '../../compiler/explain/text/print.js';
import { printSummary } from '../../compiler/explain/text/summary.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { messageOfCode } from '../../grammar/diagnostics/codes.js';
import { UsageError } from '../errors.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { plainCode, printCode } from './explain-code.js';
import { withParameters } from './given-parameters.js';
import { chooseLoss, entryParts, openChecked, openLoss } from './load.js';
import { addOptions, askedOf, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { CLASSES_ROW, LOGITS_ROW, requireClasses, requireLogits } from './shape-options.js';

interface ExplainOptions {
  readonly loss?: string;
  readonly classes: number;
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly full?: boolean;
  readonly json?: boolean;
}

/** What nobody calls a file. */
const LIKE_A_CODE = /^l\d+$/i;

const ROWS: Rows<ExplainOptions> = {
  loss: { flags: '--loss <name>', says: 'which loss (default: all losses in the file)' },
  ...CLASSES_ROW,
  ...PARAMETER_ROW,
  ...LOGITS_ROW,
  full: {
    flags: '--full',
    says: 'print all findings, each with its reason',
    unusable: ({ given }) =>
      given.has('json') ? 'has no effect: JSON always contains all findings' : undefined,
  },
  ...JSON_ROW,
};

/** `lossc explain FILE`: what the compiler found out about a loss, each item with its reason. `lossc explain L302`: what a diagnostic means. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument(
      '<file>',
      'a .loss file or FILE:NAME, - for standard input, std/NAME for a standard loss; or an error code such as L302',
    )
    .action((file: string, options: ExplainOptions, self: Command) => {
      const message = messageOfCode(file);
      if (message !== undefined) {
        const [given] = [...askedOf(self).given].filter((option) => option !== 'json');
        if (given !== undefined)
          throw new UsageError(`${file} is an error code, which takes no option other than --json`);
        if (options.json) printJson(plainCode(message));
        else print(printCode(message));
        return;
      }
      if (LIKE_A_CODE.test(file) && !existsSync(file))
        throw new UsageError(
          `there is no error code ${file}`,
          'the section Diagnostics of grammar/REFERENCE.md lists all codes; a .loss file needs its extension',
        );
      const { path, name } = entryParts(file);
      const isNamed = name !== undefined || options.loss !== undefined;
      const named = isNamed ? openLoss(file, options.loss) : undefined;
      const program = named?.program ?? openChecked(path);
      const found = named === undefined ? lossesOf(program) : [named.decl];
      const chosen = withParameters(
        found.map((decl) => ({ program, decl })),
        options.param,
      ).map(({ decl }) => decl);
      if (options.fromLogits === true)
        requireLogits(
          chosen.map((decl) => compileLoss(program, decl, { fromLogits: true })),
          true,
        );
      const explanations = (chosen.length === 0 ? [chooseLoss(program, undefined)] : chosen).map((decl) =>
        explainLoss(program, decl, { classes: options.classes, fromLogits: options.fromLogits ?? false }),
      );
      const names = explanations.map(({ loss }) => loss).join(', ');
      if (askedOf(self).given.has('classes'))
        requireClasses(
          names,
          options.classes,
          explanations.map(({ setting }) => setting.classes),
        );
      if (options.json) printJson(explanations.length === 1 ? explanations[0] : explanations);
      else if (options.full) print(explanations.map(printExplanation).join('\n\n'));
      else {
        print(explanations.map(printSummary).join('\n\n'));
        print(`lossc explain ${file} --full prints all findings with their reasons`);
      }
    });
};
