import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { secondDerivative } from '../../compiler/differentiate/second-derivative.js';
import { equationText, guardText } from '../../compiler/explain/text/gradient.js';
import type { Node } from '../../compiler/graph/graph.js';
import { type GuardNote, notesOn } from '../../compiler/guard/notes.js';
import { simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { formulaOf } from '../../compiler/raise/formula.js';
import { printExpr } from '../../grammar/print/print.js';
import { UsageError } from '../errors.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { withNumbers } from './given-parameters.js';
import { openLoss } from './load.js';
import { addOptions, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { LOGITS_ROW, requireLogits } from './shape-options.js';

interface GradOptions {
  readonly loss?: string;
  readonly wrt?: string;
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly order: '1' | '2';
  readonly latex?: boolean;
  readonly json?: boolean;
}

const ROWS: Rows<GradOptions> = {
  loss: { flags: '--loss <name>', says: 'which loss, if the file has several' },
  wrt: {
    flags: '--wrt <name>',
    says: 'only the derivative with respect to this prediction or parameter',
  },
  param: { ...PARAMETER_ROW.param, says: 'replace a parameter with a number (repeat for each)' },
  ...LOGITS_ROW,
  order: {
    flags: '--order <n>',
    says: 'order of the derivatives; 2 differentiates each entry of the gradient again, with respect to the same entry',
    choices: ['1', '2'],
    byDefault: '1',
  },
  latex: { flags: '--latex', says: 'print LaTeX' },
  ...JSON_ROW,
};

/** `lossc grad FILE`: the simplified gradient of each item's value, as mathematics. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file>', 'a .loss file or FILE:NAME, - for standard input, std/NAME for a standard loss')
    .action(async (file: string, options: GradOptions) => {
      const { program, decl } = withNumbers(openLoss(file, options.loss), options.param);
      const compiled = compileLoss(program, decl, {
        fromLogits: options.fromLogits ?? false,
      });
      requireLogits([compiled], options.fromLogits);
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
      const second = options.order === '2';
      const derivatives = second
        ? wanted.map(([name, node]) => [name, secondOf(compiled, name, node)] as const)
        : wanted;
      const latex = options.latex ? await import('../../compiler/emit/latex/latex.js') : undefined;
      const shown = (node: Node, left: string): string => {
        const body = formulaOf(graph, node, compiled.formula.names);
        return latex === undefined ? equationText(body, left) : latex.latexBody(body, left);
      };
      // Second derivatives are shown and not compiled.
      const notes = notesOn(compiled.guardNotes, second ? [] : wanted.map(([name]) => name));
      if (options.json) {
        const text = ([name, node]: readonly [string, Node]): readonly [string, string] => [
          name,
          shown(node, '').trim(),
        ];
        printJson({
          loss: compiled.name,
          value: shown(compiled.formula.value, '').trim(),
          gradient: Object.fromEntries(derivatives.map(text)),
          guards: notes.all.map(guardJson),
        });
        return;
      }
      print(shown(compiled.formula.value, compiled.name));
      const left = (name: string): string =>
        second ? `d^2 ${compiled.name} / d ${name}^2` : `d ${compiled.name} / d ${name}`;
      for (const [name, node] of derivatives) print(`\n${shown(node, left(name))}`);
      const guards = latex === undefined ? guardText(notes) : latex.latexGuards(notes);
      if (guards !== '') print(`\n${guards}`);
    });
};

/** The diagonal second derivative by a prediction or parameter. */
function secondOf(compiled: CompiledLoss, name: string, gradient: Node): Node {
  const leaf = [...compiled.inputs, ...compiled.parameters].find((entry) => entry.name === name)!;
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  return secondDerivative(algebra, gradient, leaf.node, compiled.coupled || compiled.scalar);
}

function guardJson({ guarded, argument, where, guard, value, gradients }: GuardNote): unknown {
  return {
    guarded,
    argument: argument === undefined ? null : printExpr(argument),
    bound: guard.bound,
    distance: guard.distance,
    where: where === undefined ? null : printExpr(where),
    decides: { value, gradients },
  };
}
