import { explainLoss } from '../../compiler/explain/explain.js';
import { printExplanation } from '../../compiler/explain/print.js';
import { lossesOf } from '../../compiler/lower/program.js';
import { print, printJson } from '../terminal.js';
import { type Define, wholeNumber } from './command.js';
import { chooseLoss, entryParts, openChecked, openLoss } from './load.js';

interface ExplainOptions {
  readonly loss?: string;
  readonly classes: number;
  readonly fromLogits?: boolean;
  readonly json?: boolean;
}

/** `lossc explain FILE`: what the compiler found out about a loss, each item with its reason. */
export const define: Define = (command) => {
  command
    .argument('<file>', 'a .loss file or FILE:NAME, - for standard input, std/NAME for a standard loss')
    .option('--loss <name>', 'which loss; all of them when the file has several')
    .option('--classes <n>', 'number of classes', wholeNumber(2), 10)
    .option('--from-logits', 'take predictions before softmax or sigmoid')
    .option('--json', 'print JSON')
    .action((file: string, options: ExplainOptions) => {
      const { path, name } = entryParts(file);
      const isNamed = name !== undefined || options.loss !== undefined;
      const named = isNamed ? openLoss(file, options.loss) : undefined;
      const program = named?.program ?? openChecked(path);
      const chosen = named === undefined ? lossesOf(program) : [named.decl];
      const explanations = (chosen.length === 0 ? [chooseLoss(program, undefined)] : chosen).map((decl) =>
        explainLoss(program, decl, { classes: options.classes, fromLogits: options.fromLogits ?? false }),
      );
      if (options.json) printJson(explanations.length === 1 ? explanations[0] : explanations);
      else print(explanations.map(printExplanation).join('\n\n'));
    });
};
