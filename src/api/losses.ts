/** Compiled losses, as the public API gives them. */
import * as compiler from '../../compiler/compile.js';
import type { Origin } from '../../compiler/emit/header.js';
import * as targets from '../../compiler/emit/targets.js';
import * as evaluation from '../../compiler/evaluate/bind.js';
import type { NumberArray } from '../../compiler/evaluate/binding.js';
import { demandWholeNumbers } from '../../compiler/evaluate/whole-numbers.js';
import type { ExplainOptions } from '../../compiler/explain/explain.js';
import type { Explanation } from '../../compiler/explain/explanation.js';
import * as explanations from '../../compiler/explain/text/print.js';
import type { Graph, Node } from '../../compiler/graph/graph.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { type RaiseOptions, raise as raiseNode } from '../../compiler/raise/raise.js';
import type { Program } from '../../compiler/resolve/program.js';
import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import type { Body, LossDecl } from '../../grammar/tree/ast.js';
import { BOOLEAN, demand, demandOptions, FUNCTION, oneOf, optional } from './demand.js';
import * as kinds from './kinds.js';

/** Compiles a loss of a program. Throws `LossError` with all diagnostics when it has errors. */
export function compileLoss(
  program: Program,
  declaration: LossDecl,
  options: compiler.CompileOptions = {},
): compiler.CompiledLoss {
  demandLoss('compileLoss', program, declaration);
  demandOptions('compileLoss', options, {
    fromLogits: kinds.LOGITS,
    guards: oneOf(['protected', 'clamp', 'none']),
    plainMean: BOOLEAN,
    onPass: FUNCTION,
  });
  const compiled = compiler.compileLoss(program, declaration, options);
  const { fromLogits } = options;
  if (typeof fromLogits === 'object') {
    const known = compiled.inputs.filter((input) => input.activation !== undefined).map(({ name }) => name);
    const wrong = fromLogits.find((name) => !compiled.logits.includes(name));
    if (wrong !== undefined) {
      const those = known.length === 0 ? 'there are none' : `those are ${known.join(', ')}`;
      throw new TypeError(
        `compileLoss: fromLogits names "${wrong}", which is not a prediction with the domain probability or unit: ${those}`,
      );
    }
  }
  return compiled;
}

/** Where a file has mistakes there may be no loss to take: then the mistakes are what to tell. */
function demandLoss(call: string, program: Program, declaration: LossDecl): void {
  demand(call, [['program', program, kinds.PROGRAM]]);
  const errors = program.diagnostics.filter(({ severity }) => severity === 'error');
  if (declaration === undefined && errors.length > 0) throw new LossError(errors, program.module.source);
  demand(call, [['declaration', declaration, kinds.DECLARATION]]);
}

/** The files of a target for a compiled loss. Deterministic: the same loss, version and file name give the same files. */
export async function emitTarget<T extends targets.Target>(
  target: T,
  compiled: compiler.CompiledLoss,
  origin: Origin,
): Promise<readonly targets.FileOf<T>[]> {
  demand('emitTarget', [
    ['target', target, oneOf(targets.TARGETS)],
    ['compiled', compiled, kinds.COMPILED],
    ['origin', origin, kinds.ORIGIN],
  ]);
  return targets.emitTarget(target, compiled, origin);
}

/** The reference evaluation of a compiled loss in float64: value, items and gradients. Throws `BindError` for what does not fit. */
export function evaluateLoss(
  compiled: compiler.CompiledLoss,
  inputs: ReadonlyMap<string, NumberArray>,
  parameters: ReadonlyMap<string, ParameterValue> = new Map(),
  reduction: evaluation.Reduction = 'mean',
  options: evaluation.EvaluateOptions = {},
): evaluation.Evaluated {
  demand('evaluateLoss', [
    ['compiled', compiled, kinds.COMPILED],
    ['inputs', inputs, kinds.INPUTS],
    ['parameters', parameters, kinds.PARAMETERS],
    ['reduction', reduction, oneOf(evaluation.REDUCTIONS)],
  ]);
  demandOptions('evaluateLoss', options, { strict: BOOLEAN, sampleWeight: optional(kinds.ARRAY) });
  const evaluated = evaluation.evaluateLoss(compiled, inputs, parameters, reduction, options);
  demandWholeNumbers(compiled, inputs, parameters);
  return evaluated;
}

/** Nested lists of numbers as an array; throws `BindError` for rows of different length. */
export function arrayOf(value: ParameterValue): NumberArray {
  demand('arrayOf', [['value', value, kinds.NESTED]]);
  return evaluation.arrayOf(value);
}

/** An array as nested lists, a number for an array without dimensions. */
export function nested(array: NumberArray): ParameterValue {
  demand('nested', [['array', array, kinds.ARRAY]]);
  return evaluation.nested(array);
}

/** What can be said of a loss: proved, refuted with a witness, or measured. What finds it out is loaded when it is first called. */
export async function explainLoss(
  program: Program,
  declaration: LossDecl,
  options: ExplainOptions = {},
): Promise<Explanation> {
  demandLoss('explainLoss', program, declaration);
  demandOptions('explainLoss', options, { classes: kinds.CLASSES, fromLogits: BOOLEAN });
  const explaining = await import('../../compiler/explain/explain.js');
  return explaining.explainLoss(program, declaration, options);
}

/** An explanation as text for people, as `lossc explain --full` prints it. */
export function printExplanation(explanation: Explanation): string {
  demand('printExplanation', [['explanation', explanation, kinds.EXPLANATION]]);
  return explanations.printExplanation(explanation);
}

/** A node of a graph as an expression of the language, the way a person would write it. */
export function raise(graph: Graph, root: Node, options: RaiseOptions = {}): Body {
  demand('raise', [
    ['graph', graph, kinds.GRAPH],
    ['root', root, kinds.NODE],
  ]);
  demandOptions('raise', options, { lets: optional(BOOLEAN) });
  return raiseNode(graph, root, options);
}
