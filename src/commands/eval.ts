import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import {
  arrayOf,
  BindError,
  type Evaluated,
  evaluateLoss,
  type NumberArray,
  nested,
  REDUCTIONS,
  type Reduction,
} from '../../compiler/evaluate/bind.js';
import { type Illegal, illegalInputs } from '../../compiler/evaluate/legal.js';
import { demandWholeNumbers } from '../../compiler/evaluate/whole-numbers.js';
import { exactValue } from '../../compiler/exact/ask.js';
import { MOST_WANTED } from '../../compiler/exact/exact.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { UsageError } from '../errors.js';
import { loadedFor } from '../packages.js';
import { painted, print, printError, printJson } from '../terminal.js';
import { type Define, numberThat } from './command.js';
import { showExact } from './exact-digits.js';
import { openLoss } from './load.js';
import { addOptions, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { LOGITS_ROW, requireLogits } from './shape-options.js';
import { readDecimals, readValue, readValues } from './values.js';

interface EvalOptions {
  readonly loss?: string;
  readonly input: readonly string[];
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly reduction: Reduction;
  readonly digits?: number;
  readonly float32?: boolean;
  readonly sampleWeight?: string;
  readonly json?: boolean;
}

const ROWS: Rows<EvalOptions> = {
  loss: { flags: '--loss <name>', says: 'which loss, if the file has several' },
  input: {
    flags: '--input <name=JSON>',
    says: 'an input as nested lists, batch axis first (repeat for each)',
    repeats: true,
  },
  ...PARAMETER_ROW,
  ...LOGITS_ROW,
  reduction: {
    flags: '--reduction <how>',
    says: 'how to reduce the values of the items',
    choices: REDUCTIONS,
    byDefault: 'mean',
  },
  digits: {
    flags: '--digits <n>',
    says: 'print the exact value and gradient of the formula, without guards, to this many digits',
    read: numberThat(
      `a whole number from 1 to ${MOST_WANTED}`,
      (n) => Number.isInteger(n) && n >= 1 && n <= MOST_WANTED,
    ),
  },
  float32: {
    flags: '--float32',
    says: 'compute in float32, as compiled code does on the cpu backend of TensorFlow.js',
    unusable: ({ given }) =>
      given.has('digits')
        ? 'does not apply to --digits, which does not round'
        : given.has('sampleWeight')
          ? 'does not apply to --sample-weight'
          : undefined,
  },
  sampleWeight: {
    flags: '--sample-weight <JSON>',
    says: 'weights of the items: a list with the shape of the items or of their leading axes',
    unusable: ({ given }) =>
      given.has('digits') ? 'does not apply to --digits, which weights all items equally' : undefined,
  },
  ...JSON_ROW,
};

/**
 * `lossc eval FILE`: value, items and gradients in float64, with the guards of the code that trains; with `--float32` as that code computes
 * them, with `--digits` what is true of the formula, to the last of them.
 */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file>', 'a .loss file or FILE:NAME, - for standard input, std/NAME for a standard loss')
    .addHelpText(
      'after',
      "\nExample:\n  lossc eval std/focal --input 'target=[0]' --input 'prediction=[[0.5, 0.25, 0.25]]' --param gamma=1",
    )
    .action(async (file: string, options: EvalOptions) => {
      const { program, decl } = openLoss(file, options.loss);
      const compiled = compileLoss(program, decl, {
        fromLogits: options.fromLogits ?? false,
      });
      requireLogits([compiled], options.fromLogits);
      const { inputs, parameters, result } = withUsage(() => {
        const inputs = new Map(
          [...readValues(options.input, 'input')].map(([name, value]) => [name, arrayOf(value)] as const),
        );
        const parameters = readValues(options.param, 'param');
        const { sampleWeight: given } = options;
        const sampleWeight = given === undefined ? undefined : arrayOf(readValue(given, '--sample-weight'));
        const evaluated = evaluateLoss(compiled, inputs, parameters, options.reduction, {
          sampleWeight,
        });
        demandWholeNumbers(compiled, inputs, parameters);
        for (const illegal of illegalInputs(compiled, inputs)) warn(illegal);
        warnOfWeights(sampleWeight?.data ?? []);
        return { inputs, parameters, result: evaluated };
      });
      if (options.digits !== undefined) {
        const given = {
          inputs: readDecimals(options.input, 'input'),
          parameters: readDecimals(options.param, 'param'),
          reduction: options.reduction,
        };
        const exact = await exactValue(compiled, program, decl, given, options.digits);
        showExact(compiled.name, exact, options.digits, options.json === true);
        return;
      }
      const shown =
        options.float32 === true
          ? await inFloat32(compiled, { inputs, parameters }, options.reduction, result)
          : result;
      if (options.json) printJson(asJson(compiled.name, shown));
      else printPlain(compiled.name, shown);
    });
};

/** What compiled code gives in float32; shapes are those of what was worked out in float64. */
async function inFloat32(
  compiled: CompiledLoss,
  { inputs, parameters }: Given,
  reduction: Reduction,
  { value, items, gradient }: Evaluated,
): Promise<Evaluated> {
  // TensorFlow.js is loaded for those who ask for it.
  const { openSingle } = await loadedFor('--float32', import('../runtime/single.js'));
  const single = await openSingle();
  try {
    const loss = single.load(compiled);
    const found = loss.value(inputs, parameters, reduction);
    const gradients = loss.gradients(inputs, parameters, reduction);
    return {
      value: typeof value === 'number' ? found[0]! : { ...value, data: found },
      items: { ...items, data: loss.value(inputs, parameters, 'none') },
      gradient: new Map(
        [...gradient].map(([name, { shape }]) => [name, { shape, data: gradients.get(name)! }] as const),
      ),
    };
  } finally {
    single.close();
  }
}

interface Given {
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** The loss trusts its domains: what it gives outside of them need not be what its formula says. */
function warn({ message, hint }: Pick<Illegal, 'message' | 'hint'>): void {
  printError(`${painted('yellow', 'warning')}: ${message}`);
  if (hint !== undefined) printError(`  = hint: ${hint}`);
}

function warnOfWeights(weights: ArrayLike<number>): void {
  const at = Array.from(weights).findIndex((weight) => weight < 0);
  if (at < 0) return;
  const message = `the sample weight ${weights[at]} (entry ${at}) is negative, which reverses the sign of the loss of its item`;
  warn({ message, hint: 'a weight of 0 leaves an item out' });
}

function withUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof BindError)
      throw new UsageError(
        error.subject === 'sampleWeight' ? `--sample-weight: ${error.reason}` : error.message,
      );
    throw error;
  }
}

function asJson(loss: string, result: Evaluated): unknown {
  return {
    loss,
    value: typeof result.value === 'number' ? result.value : nested(result.value),
    perExample: nested(result.items),
    gradient: Object.fromEntries([...result.gradient].map(([name, array]) => [name, nested(array)])),
  };
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, x) => (typeof x === 'number' ? shortened(x) : x))
    .replaceAll('"', '')
    .replaceAll(',', ', ');
const shortened = (x: number): number | string =>
  Number.isFinite(x) ? Number(x.toPrecision(10)) : String(x);

function printPlain(loss: string, result: Evaluated): void {
  const { value, perExample, gradient } = asJson(loss, result) as {
    value: unknown;
    perExample: unknown;
    gradient: Record<string, unknown>;
  };
  print(`${loss} = ${text(value)}`);
  if (typeof result.value === 'number' && result.items.data.length > 1) print(`  items ${text(perExample)}`);
  for (const [name, array] of Object.entries(gradient)) print(`  d/d${name} ${text(array)}`);
}
