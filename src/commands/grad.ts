import { compileLoss } from '../../compiler/compile.js';
import type { Node } from '../../compiler/graph.js';
import { raise } from '../../compiler/raise.js';
import type { Body } from '../../grammar/ast.js';
import { printExpr } from '../../grammar/print.js';
import { print, printJson } from '../terminal.js';
import { type Define, UsageError } from './command.js';
import { chooseLoss, openChecked } from './load.js';

interface GradOptions {
  readonly loss?: string;
  readonly wrt?: string;
  readonly fromLogits?: boolean;
  readonly latex?: boolean;
  readonly json?: boolean;
}

/** `lossc grad FILE`: the simplified gradient of each item's value, as mathematics. */
export const define: Define = (command) => {
  command
    .argument('<file>', 'a .loss file, - for standard input, std/NAME for a standard loss')
    .option('--loss <name>', 'which loss, when the file has several')
    .option('--wrt <name>', 'only the derivative with respect to this prediction or parameter')
    .option('--from-logits', 'take predictions before softmax or sigmoid')
    .option('--latex', 'print LaTeX')
    .option('--json', 'print JSON')
    .action(async (file: string, options: GradOptions) => {
      const program = openChecked(file);
      const compiled = compileLoss(program, chooseLoss(program, options.loss), {
        fromLogits: options.fromLogits ?? false,
      });
      const all = [...compiled.formula.gradients];
      const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.name);
      const wanted =
        options.wrt === undefined
          ? all.filter(([name]) => predictions.includes(name))
          : all.filter(([name]) => name === options.wrt);
      if (wanted.length === 0) {
        throw new UsageError(
          `"${compiled.name}" has no prediction or parameter "${options.wrt}"`,
          `it has ${all.map(([name]) => name).join(', ')}`,
        );
      }
      const { graph } = compiled.lowered;
      const latex = options.latex ? (await import('../../compiler/emit/latex.js')).latexBody : undefined;
      const shown = (node: Node, left: string): string => {
        const body = raise(graph, node, { lets: true });
        return latex === undefined ? plainText(body, left) : latex(body, left);
      };
      if (options.json) {
        const text = ([name, node]: readonly [string, Node]): readonly [string, string] => [
          name,
          shown(node, '').trim(),
        ];
        printJson({
          loss: compiled.name,
          value: shown(compiled.formula.value, '').trim(),
          gradient: Object.fromEntries(wanted.map(text)),
        });
        return;
      }
      print(shown(compiled.formula.value, compiled.name));
      for (const [name, node] of wanted) print(`\n${shown(node, `d ${compiled.name} / d ${name}`)}`);
    });
};

/** `left = result`, after the lets it uses. */
function plainText(body: Body, left: string): string {
  const lets = body.lets.map(
    (definition) => `  let ${definition.name.name} = ${printExpr(definition.value)}`,
  );
  const result = printExpr(body.result);
  if (left === '') return [...lets, result].join('\n');
  return lets.length === 0 ? `${left} =\n  ${result}` : `${left} =\n${lets.join('\n')}\n  ${result}`;
}
