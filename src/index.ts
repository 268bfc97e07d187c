// The public API, by hand. Everything else may change between versions.

// The compiler
export type { CompiledLoss, CompileOptions } from '../compiler/compile.js';
export { type EmittedFile, TARGETS, type Target } from '../compiler/emit/targets.js';
export type { Evaluated, EvaluateOptions, Reduction } from '../compiler/evaluate/bind.js';
export { BindError, type NumberArray } from '../compiler/evaluate/binding.js';
export type { ExplainOptions } from '../compiler/explain/explain.js';
export type { Explanation } from '../compiler/explain/explanation.js';
export type { ImportResolver, Program } from '../compiler/resolve/program.js';
export type { TestOutcome } from '../compiler/test-blocks/run-tests.js';
export { type Diagnostic, LossError, type Source } from '../grammar/diagnostics/diagnostic.js';
// The language
export type { Expr, LossDecl, LossFile, SketchDecl } from '../grammar/tree/ast.js';
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
export {
  checkProgram,
  importResolver,
  loadProgram,
  lossesOf,
  readLossFile,
  runTests,
  sketchesOf,
} from './api/programs.js';
export { RunError } from './errors.js';
// A user's own data and model modules (`--dataset ./my-data.mjs`, `--model ./my-model.mjs`)
export type { LoadData, UserData, UserExamples } from './runtime/data/user-data.js';
// The standard library
export { stdlibNames } from './stdlib.js';
