/** `--evaluator`: somebody's own training script in the place of our trainer, and what it makes of the other options. */
import { UsageError } from '../errors.js';
import { FROM_SCRIPT } from '../evolve/model/evaluator-messages.js';
import type {
  CommonSettings,
  EvaluatorSettings,
  RunSettings,
  ScriptSettings,
} from '../evolve/model/run-settings.js';
import { readJsonFile } from '../read-json.js';
import type { Asked, OptionRow, Rows } from './option-table.js';

export interface EvaluatorOptions {
  readonly evaluator?: string;
}

export const EVALUATOR_ROWS: Rows<EvaluatorOptions> = {
  evaluator: {
    flags: '--evaluator <command>',
    says: 'train with this command, such as "python train.py" ("lossc init evaluator pytorch" writes a template)',
  },
};

export interface AskOptions extends EvaluatorOptions {
  readonly ask?: string;
}

/** For commands whose runs have folders. */
export const ASK_ROWS: Rows<AskOptions> = {
  ...EVALUATOR_ROWS,
  ask: {
    flags: '--ask <hello.json>',
    says: 'run the trainings yourself: "lossc ask RUN" lists them; the file contains the hello message of a script',
    resumed: 'at the beginning',
    unusable: ({ given }) => (given.has('evaluator') ? 'contradicts --evaluator' : undefined),
  },
};

const isElsewhere = ({ given }: Asked): boolean => given.has('evaluator') || given.has('ask');

/** Why an option about our own data, models and training says nothing to a script. */
export const leftToEvaluator = (asked: Asked): string | undefined =>
  isElsewhere(asked)
    ? `does not apply to --${asked.given.has('ask') ? 'ask' : 'evaluator'}: data, model and optimizer belong to it`
    : undefined;

/** Options that a script is told. Of a learning rate that nobody asked for it has its own. */
const TOLD: Readonly<Record<string, (asked: Asked) => string | undefined>> = {
  ...Object.fromEntries(
    ['steps', 'scale', 'seed', 'seeds', 'tuneLr', 'grid', 'tuneRuns', 'out', 'json'].map((name) => [
      name,
      () => undefined,
    ]),
  ),
  lr: (asked) => (isElsewhere(asked) && !asked.given.has('lr') ? "is the script's own" : undefined),
};

export const mapRows = <K extends string>(
  rows: Readonly<Record<K, OptionRow>>,
  change: (row: OptionRow, name: K) => OptionRow,
): Record<K, OptionRow> =>
  Object.fromEntries(
    Object.entries<OptionRow>(rows).map(([name, row]) => [name, change(row, name as K)]),
  ) as Record<K, OptionRow>;

/** The rows, of which those that a script is not told are refused beside `--evaluator`. */
export const unlessEvaluator = <K extends string>(
  rows: Readonly<Record<K, OptionRow>>,
): Record<K, OptionRow> =>
  mapRows(rows, (row, name) => {
    const left = TOLD[name] ?? leftToEvaluator;
    return { ...row, unusable: (asked) => left(asked) ?? row.unusable?.(asked) };
  });

/** The script is told a learning rate where one was asked for, and has its own otherwise. */
export function evaluatorOf(
  { evaluator: command, lr }: EvaluatorOptions & { readonly lr: number },
  { given }: Asked,
): ScriptSettings | undefined {
  if (command === undefined) return undefined;
  return { command, ...(given.has('lr') && { learningRate: lr }) };
}

/** A script, or somebody who is asked. */
export function trainerOf(
  options: AskOptions & { readonly lr: number },
  asked: Asked,
): EvaluatorSettings | undefined {
  if (options.ask === undefined) return evaluatorOf(options, asked);
  const hello = readJsonFile(
    options.ask,
    FROM_SCRIPT.hello,
    'the evaluator protocol says what hello contains',
  );
  return { hello, ...(asked.given.has('lr') && { learningRate: options.lr }) };
}

/** A folder may not run a command that nobody has given here. */
export function checkCommand(
  { evaluator }: Pick<CommonSettings, 'evaluator'>,
  asked: Asked,
  directory: string,
): void {
  if (evaluator !== undefined && 'command' in evaluator)
    requireGiven('evaluator', `trains with the command "${evaluator.command}"`, asked, directory);
}

/** Neither the one that proposes expressions. */
export function checkProposer(
  { proposer }: Pick<RunSettings, 'proposer'>,
  asked: Asked,
  directory: string,
): void {
  if (proposer !== undefined)
    requireGiven('propose', `asks the command "${proposer.command}" for expressions`, asked, directory);
}

function requireGiven(option: string, does: string, { given }: Asked, directory: string): void {
  if (given.has(option)) return;
  throw new UsageError(
    `the run in ${directory} ${does}, and a command can run any code`,
    `if you trust it, give it again with --${option}`,
  );
}
