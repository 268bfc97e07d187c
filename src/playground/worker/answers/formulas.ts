import { compileLoss } from '../../../../compiler/compile.js';
import { latexBody } from '../../../../compiler/emit/latex/latex.js';
import type { Node } from '../../../../compiler/graph/graph.js';
import { notesOn } from '../../../../compiler/guard/notes.js';
import { guardSentences } from '../../../../compiler/guard/sentences.js';
import { formulaOf } from '../../../../compiler/raise/formula.js';
import type { Asks } from '../../messages.js';
import { lossOf } from '../losses.js';

/** Value and gradient as mathematics. */
export function formulas({ loss }: Asks['formulas']['ask']): Asks['formulas']['answer'] {
  const { program, decl } = lossOf(loss);
  const compiled = compileLoss(program, decl);
  const { formula, lowered, inputs, name } = compiled;
  const axes = lowered.graph.axes.all.map((axis) => axis.name);
  const latex = (node: Node, left: string): string =>
    latexBody(formulaOf(lowered.graph, node, formula.names), left, axes);
  const predictions = inputs.filter(({ data }) => !data).map((input) => input.name);
  return {
    value: latex(formula.value, name),
    gradients: predictions.map((by) => ({
      by,
      latex: latex(formula.gradients.get(by)!, `d ${name} / d ${by}`),
    })),
    guards: guardSentences(notesOn(compiled.guardNotes, predictions)),
  };
}
