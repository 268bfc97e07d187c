// The public API, by hand. Everything else may change between versions.

export { checkProgram } from '../compiler/check/check.js';
export { type CompiledLoss, type CompileOptions, compileLoss } from '../compiler/compile.js';
export { emitTarget, TARGETS, type Target } from '../compiler/emit/targets.js';
// The compiler
export { arrayOf, evaluateLoss, nested } from '../compiler/evaluate/bind.js';
export { BindError, type NumberArray } from '../compiler/evaluate/binding.js';
export { explainLoss } from '../compiler/explain/explain.js';
export { printExplanation } from '../compiler/explain/print.js';
export {
  type ImportResolver,
  loadProgram,
  lossesOf,
  type Program,
  sketchesOf,
} from '../compiler/lower/program.js';
export { raise } from '../compiler/raise/raise.js';
export { runTests } from '../compiler/test-blocks/run-tests.js';
// The language
export type { Expr, LossDecl, LossFile, SketchDecl } from '../grammar/ast.js';
export { type Diagnostic, formatDiagnostic, LossError, type Source } from '../grammar/diagnostic.js';
export { formatSource } from '../grammar/format.js';
export { parse, parseExpression } from '../grammar/parse.js';
export { printExpr, printFile } from '../grammar/print.js';
// A user's own data and model modules (`--dataset ./my-data.mjs`, `--model ./my-model.mjs`)
export type { LoadData, UserData, UserExamples } from './runtime/data/user-data.js';
// The standard library and files
export { importResolver, readLossFile, stdlibNames } from './stdlib.js';
