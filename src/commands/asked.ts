/** What a run asks somebody to train: folders with `params.json`, answered when there is a `metrics.json`. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../errors.js';
import { ASKED } from '../evolve/executors/ask-executor.js';
import { type Evaluate, type ScriptHello, TO_SCRIPT } from '../evolve/model/evaluator-messages.js';
import { readAnySettings } from '../evolve/store/read-settings.js';
import { readJsonFile } from '../read-json.js';

export interface OpenQuestion {
  readonly folder: string;
  readonly question: Evaluate;
}

/** In the order of their keys. */
export function openQuestions(directory: string): OpenQuestion[] {
  const root = join(directory, ASKED);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .sort()
    .map((key) => join(root, key))
    .filter((folder) => existsSync(join(folder, 'params.json')) && !existsSync(join(folder, 'metrics.json')))
    .map((folder) => ({ folder, question: readJsonFile(join(folder, 'params.json'), TO_SCRIPT.evaluate) }));
}

/** What the run was told by its `--ask`. Throws a RunError for a run that asks nobody. */
export function helloOf(directory: string): ScriptHello {
  const { evaluator } = readAnySettings(directory);
  if (evaluator !== undefined && 'hello' in evaluator) return evaluator.hello;
  throw new RunError(
    `the run in ${directory} was not started with --ask: it trains by itself`,
    'lossc evolve --ask hello.json starts such a run',
  );
}
