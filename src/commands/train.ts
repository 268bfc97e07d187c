import { Exit } from '../errors.js';
import { splitDataset } from '../runtime/data/dataset.js';
import type { StopReason } from '../runtime/stop.js';
import { METRICS } from '../runtime/tasks/metrics.js';
import type { TrainingResult } from '../runtime/train.js';
import { createProgress, duration, print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { openLoss } from './load.js';
import { addOptions, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { interruptible, openWorld, type RunOptions, type RunWorld, runRows } from './run-options.js';
import { scalarsFor, TENSORBOARD_ROW, type TensorBoardOptions } from './tensorboard.js';
import { requireTrainable } from './trainable.js';
import { readValues } from './values.js';

interface TrainOptions extends RunOptions, TensorBoardOptions {
  readonly loss?: string;
  readonly param: readonly string[];
  readonly json?: boolean;
}

const ROWS: Rows<TrainOptions> = {
  ...runRows({ steps: 1000, lr: 0.1 }),
  ...PARAMETER_ROW,
  loss: { flags: '--loss <name>', says: 'which loss, if the file has several' },
  ...TENSORBOARD_ROW,
  ...JSON_ROW,
};

/** `lossc train FILE`: one network, one loss, real data. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file>', 'a .loss file or FILE:NAME, std/NAME for a standard loss')
    .addHelpText('after', '\nExample:\n  lossc train std/cross_entropy --dataset digits --steps 500 --lr 0.5')
    .action(train);
};

async function train(file: string, options: TrainOptions): Promise<void> {
  const { program, decl } = openLoss(file, options.loss);
  const parameters = Object.fromEntries(readValues(options.param, 'param'));
  const world = await openWorld(options);
  const [{ evaluate, predicting }, { trainModel }] = await Promise.all([
    import('../runtime/evaluate.js'),
    import('../runtime/train.js'),
  ]);
  const interrupt = interruptible();
  const scalars = await scalarsFor(options);
  const progress = createProgress();
  try {
    requireTrainable({ program, decl }, world.dataset, parameters);
    const { search, test } = splitDataset(world.dataset, options.seed, world.split);
    const model = await world.createModel({
      inputShape: search.inputShape,
      outputs: search.outputs,
      seed: options.seed,
    });
    const loss = world.compile(program, decl, parameters);
    const result = await trainModel({
      model,
      loss,
      data: search,
      metric: world.metric,
      steps: options.steps,
      batchSize: options.batch,
      optimizer: world.optimizer,
      augmentation: world.augmentation,
      seed: options.seed,
      evaluateEvery: Math.max(1, Math.round(options.steps / 10)),
      signal: interrupt.signal,
      onEvaluation: ({ step, value }) =>
        scalars.scalar(`validation/${METRICS[world.metric].label}`, value, step),
      onProgress: (at) => {
        scalars.scalar('loss', at.loss, at.step);
        const left = (at.steps - at.step) / Math.max(at.stepsPerSecond, 1e-9);
        const found = at.validationValue === undefined ? '' : `  validation ${at.validationValue.toFixed(4)}`;
        progress.update(
          `step ${at.step}/${at.steps}  loss ${at.loss.toPrecision(4)}${found}  ${at.stepsPerSecond.toFixed(0)} steps/s  ${duration(left)} left`,
        );
      },
    });
    progress.end();
    const tested =
      result.stoppedAt === undefined
        ? await evaluate(predicting(model, test), test.test, test, world.metric)
        : undefined;
    report(options, decl.name.name, world, result, tested?.value);
    loss.dispose();
    model.dispose();
    if (result.stoppedAt !== undefined) throw new Exit(result.stoppedAt.reason === 'aborted' ? 130 : 1);
  } finally {
    progress.end();
    interrupt.done();
    scalars.close();
    world.close();
  }
}

/** Why a training ended early, and the cure. */
const STOPPED: { readonly [R in StopReason]: (rate: number) => string } = {
  'not a number': (rate) =>
    `training diverged, the loss or the network's output is not a number; try a smaller learning rate than ${rate}`,
  infinity: (rate) => `training diverged, the loss is infinite; try a smaller learning rate than ${rate}`,
  aborted: () => 'interrupted',
  'given up': () => 'given up',
};

function report(
  options: TrainOptions,
  loss: string,
  { backend: { name: backend }, metric }: Pick<RunWorld, 'backend' | 'metric'>,
  result: TrainingResult,
  testValue: number | undefined,
): void {
  const last = result.lossCurve.at(-1)?.value;
  if (options.json) {
    const { dataset, model, lr: learningRate, batch, seed } = options;
    printJson({
      loss,
      dataset,
      model,
      learningRate,
      batch,
      seed,
      backend,
      metric,
      ...result,
      finalLoss: last,
      testValue,
    });
    return;
  }
  print(
    `${loss} on ${options.dataset} (${options.model}, batch ${options.batch}, ${options.optimizer} ${options.lr}, seed ${options.seed}, ${backend})`,
  );
  if (result.stoppedAt !== undefined) {
    const { step, reason } = result.stoppedAt;
    print(`  stopped at step ${step}: ${STOPPED[reason](options.lr)}`);
  }
  const { label } = METRICS[metric];
  const rows = [
    ['steps', String(result.steps)],
    ['training loss', last === undefined ? 'unknown' : last.toPrecision(6)],
    [`validation ${label}`, validationText(result)],
    ...(testValue === undefined ? [] : [[`test ${label}`, testValue.toFixed(4)]]),
    ['steps per second', result.stepsPerSecond.toFixed(0)],
  ] as const;
  const width = Math.max(...rows.map(([name]) => name!.length));
  for (const [name, value] of rows) print(`  ${name!.padEnd(width)} ${value}`);
}

/** With the step it was measured at, where that is not the last. */
function validationText({ validationValue, curve, steps }: TrainingResult): string {
  if (validationValue === undefined) return 'not measured yet';
  const at = curve.at(-1)?.step ?? steps;
  return `${validationValue.toFixed(4)}${at === steps ? '' : ` (step ${at})`}`;
}
