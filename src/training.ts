/**
 * `lossc/training`: data sets, models, training with a loss, and fair comparison of losses, on the backends of TensorFlow.js, which it
 * imports: `npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu @tensorflow/tfjs-backend-wasm`.
 *
 * @example
 * import { importResolver, loadProgram, lossesOf, readLossFile } from 'lossc';
 * import { compileForTraining, createModel, loadDataset, openBackend, splitDataset, trainModel } from 'lossc/training';
 *
 * await openBackend({ name: 'wasm' });
 * const { search } = splitDataset(await loadDataset('digits'), '1', { trainExamples: 500 });
 * const program = loadProgram(readLossFile('std/focal'), importResolver('.'));
 * const loss = compileForTraining(program, lossesOf(program)[0]!, search);
 * const model = await createModel('mlp', { ...search, seed: '1' }, { hidden: [16] });
 * const { steps, stoppedAt } = await trainModel({
 *   model, loss, data: search, steps: 20, batchSize: 50, optimizer: { kind: 'sgd', learningRate: 0.3 }, seed: '1',
 * });
 * console.log(steps, stoppedAt); // 20 undefined
 */

export {
  type LossArguments,
  type LossCallOptions,
  type LossFunction,
  type LossFunctionOptions,
  lossFunction,
} from './api/loss-function.js';
export { RunError } from './errors.js';
export { comparisonSvg, comparisonText, dataCurveSvg, dataCurveText } from './report/compared.js';
export {
  BACKEND_NAMES,
  type Backend,
  type BackendName,
  type BackendReport,
  describeBackends,
  openBackend,
} from './runtime/backend.js';
export type { BackendOptions } from './runtime/backends/activate.js';
export { compareLosses } from './runtime/compare.js';
export type {
  ComparedLoss,
  ComparisonOptions,
  ComparisonProgress,
  ComparisonReport,
  LossReport,
  RateTuning,
  TunedRate,
} from './runtime/comparison-report.js';
export type { ComparisonRun } from './runtime/comparison-run.js';
export { compileForTraining } from './runtime/compile-for-training.js';
export type { Augmentation } from './runtime/data/augment.js';
export {
  type Dataset,
  type SearchData,
  type SplitOptions,
  splitDataset,
  type TestData,
} from './runtime/data/dataset.js';
export type { ExampleSet, Normalisation } from './runtime/data/examples.js';
export { type DatasetSource, loadDataset } from './runtime/data/load-dataset.js';
export type { LoadData, UserData, UserExamples } from './runtime/data/user-data.js';
export { type DataCurve, dataCurve } from './runtime/data-curve.js';
export { createModel, type ModelOptions } from './runtime/models/create-model.js';
export type { CreateModel, UserModelRequest } from './runtime/models/layers-model.js';
export type { Model, ModelRequest } from './runtime/models/model.js';
export type { Parameter } from './runtime/models/parameter.js';
export type { OptimizerKind, OptimizerSettings } from './runtime/optimizer.js';
export { matchingFactor, scaledLoss } from './runtime/scaled-loss.js';
export type { Stop, StopReason } from './runtime/stop.js';
export { type Learning, TASK_KINDS, type TaskKind } from './runtime/tasks/learning.js';
export type { MetricName } from './runtime/tasks/metrics.js';
export {
  type Evaluation,
  type TrainingOptions,
  type TrainingProgress,
  type TrainingResult,
  trainModel,
} from './runtime/train.js';
export type { TrainingLoss } from './runtime/training-loss.js';
export { type Summary, summarise, type WelchTest, welchTest } from './statistics.js';
