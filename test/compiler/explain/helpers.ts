import { explainLoss } from '../../../compiler/explain/explain.js';
import type { Explanation, Finding, Property } from '../../../compiler/explain/explanation.js';
import { loadProgram, lossesOf, type Program } from '../../../compiler/resolve/program.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { resolveStandard, standardProgram } from '../../stdlib/library.js';

/** A loss of the standard library as the interface of explaining takes it. */
export function standard(name: string): { program: Program; decl: LossDecl } {
  const program = standardProgram(name);
  return { program, decl: lossesOf(program).find((decl) => decl.name.name === name)! };
}

/** The last loss of a text, which may import the standard library. */
export function written(text: string): { program: Program; decl: LossDecl } {
  const program = loadProgram({ name: 'test.loss', text }, resolveStandard);
  return { program, decl: lossesOf(program).at(-1)! };
}

export function explained(
  { program, decl }: { program: Program; decl: LossDecl },
  options: Parameters<typeof explainLoss>[2] = {},
): Explanation {
  return explainLoss(program, decl, options);
}

/** The findings of a property, in order. */
export const all = (explanation: Explanation, property: Property): Finding[] =>
  explanation.findings.filter((finding) => finding.property === property);

/** The first finding of a property. */
export function one(explanation: Explanation, property: Property): Finding {
  const [finding] = all(explanation, property);
  if (finding === undefined) throw new Error(`${explanation.loss} has nothing on ${property}`);
  return finding;
}

/** TaylorGLO's polynomial with target and prediction in each other's place, as published re-implementations have it. */
export const SWAPPED = `
loss swapped(target: onehot[class], prediction: probability[class]) =
  let x = prediction - 0.5
  let y = target - 0.5
  -mean(2 * y + 3 * y^2 + 0.5 * y^3 + 4 * x * y + x * y^2 + 0.5 * x^2 * y, class)
`;
