/**
 * `lossc/compiler`: the language and the compiler without files, console or processes, so that a browser runs it too.
 *
 * @example
 * import { arrayOf, compileLoss, emitTarget, evaluateLoss, loadProgram, lossesOf } from 'lossc/compiler';
 *
 * const text = 'loss mine(target: real, prediction: real; delta: positive = 1) = delta * (prediction - target)^2';
 * const program = loadProgram({ name: 'mine.loss', text });
 * const loss = compileLoss(program, lossesOf(program)[0]!);
 * const inputs = new Map([['target', arrayOf([0, 0])], ['prediction', arrayOf([1, 3])]]);
 * console.log(evaluateLoss(loss, inputs).value); // 5
 * const files = await emitTarget('js', loss, { version: '1.0.0', file: 'mine.loss' });
 * console.log(files.map(({ fileName }) => fileName).join(' ')); // mine.js mine.d.ts
 */

export type { CompiledLoss, CompileOptions, PassName } from '../compiler/compile.js';
export type { Origin } from '../compiler/emit/header.js';
export {
  type EmittedFile,
  type FileOf,
  TARGETS,
  type Target,
} from '../compiler/emit/targets.js';
export type { Evaluated, EvaluateOptions, Reduction } from '../compiler/evaluate/bind.js';
export { BindError, type NumberArray } from '../compiler/evaluate/binding.js';
export type { ExplainOptions } from '../compiler/explain/explain.js';
export type { Explanation } from '../compiler/explain/explanation.js';
export type { Graph, Node } from '../compiler/graph/graph.js';
export type { GuardPolicy } from '../compiler/guard/guard.js';
export type { LoweredInput, LoweredParameter, ParameterValue } from '../compiler/lower/lowered.js';
export type { RaiseOptions } from '../compiler/raise/raise.js';
export type { ImportResolver, Program } from '../compiler/resolve/program.js';
export type { TestOutcome } from '../compiler/test-blocks/run-tests.js';
export {
  type Diagnostic,
  type FormatOptions,
  LossError,
  type Note,
  type Source,
} from '../grammar/diagnostics/diagnostic.js';
export type { Formatted } from '../grammar/format/format.js';
export type { Parsed } from '../grammar/read/parse.js';
export type { Body, Decl, Expr, LossDecl, LossFile, SketchDecl, Span } from '../grammar/tree/ast.js';
export {
  formatDiagnostic,
  formatSource,
  parse,
  parseExpression,
  printExpr,
  printFile,
} from './api/language.js';
export {
  arrayOf,
  compileLoss,
  emitTarget,
  evaluateLoss,
  explainLoss,
  nested,
  printExplanation,
  raise,
} from './api/losses.js';
export { checkProgram, loadProgram, lossesOf, runTests, sketchesOf } from './api/programs.js';
