/** `settings.json` of a run: everything that decides its result, and what it ran on. Written once. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, readProblem } from '../../runtime/run-error.js';
import type { PresetName, SearchSettings } from '../settings.js';
import type { Sources } from '../subject.js';
import { readTask, type Task } from '../task.js';
import { writeAtomic } from './files.js';

/** What the results depend on besides the settings: a resumed run needs all of it to be equal. */
export interface Environment {
  readonly lossc: string;
  /** Major version: another engine may round transcendental functions otherwise. */
  readonly node: string;
  readonly tensorflow: string;
  readonly backend: string;
}

/** For the record only. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly device: string;
}

/** When a search ends; checked after each generation. */
export interface Budget {
  readonly generations?: number;
  /** Candidates trained. */
  readonly evaluations?: number;
  /** Steps of all trainings. */
  readonly steps?: number;
  readonly seconds?: number;
}

export interface Tuning {
  /** How many losses of the front have their coefficients tuned. */
  readonly losses: number;
  /** Trainings for each. */
  readonly evaluations: number;
  /** First step size, in multiples of a coefficient. */
  readonly sigma: number;
  /** The most trainings of one point that are averaged. */
  readonly mostEvaluations: number;
}

export interface Finals {
  /** How many losses are trained in full. */
  readonly losses: number;
  readonly replicates: number;
  readonly steps: number;
}

export interface RunSettings {
  readonly format: 1;
  readonly command: string;
  readonly seed: string;
  readonly preset: PresetName;
  readonly task: Task;
  /** The `.loss` text that declares the sketch, with everything it imports. */
  readonly sketch: { readonly sources: Sources; readonly name?: string };
  /** Losses that the search begins with. */
  readonly seedLosses: readonly { readonly sources: Sources; readonly name?: string }[];
  readonly search: SearchSettings;
  readonly budget: Budget;
  readonly tuning: Tuning;
  readonly finals: Finals;
  /** Runs whose trained losses are known from the start. */
  readonly knownRuns: readonly string[];
  readonly limits: { readonly taskSeconds: number; readonly memoryMiB: number };
  /** Classes of the task's data. */
  readonly classes: number;
  readonly environment: Environment;
  readonly machine: Machine;
}

export function writeRunSettings(directory: string, settings: RunSettings): void {
  writeAtomic(join(directory, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

export function readRunSettings(directory: string): RunSettings {
  const file = join(directory, 'settings.json');
  let settings: RunSettings;
  try {
    settings = JSON.parse(readFileSync(file, 'utf8')) as RunSettings;
  } catch (thrown) {
    throw new RunError(`cannot read ${file}: ${readProblem(thrown)}`, 'is this the folder of a run?');
  }
  if (settings.format !== 1) {
    throw new RunError(`${file} has format ${String(settings.format)}; this version of lossc reads 1`);
  }
  return { ...settings, task: readTask(settings.task) };
}

/** Throws a RunError that names what differs: going on would not give the result of an uninterrupted run. */
export function requireSameEnvironment(stored: Environment, now: Environment): void {
  const names = Object.keys(stored) as (keyof Environment)[];
  const different = names.filter((name) => stored[name] !== now[name]);
  if (different.length === 0) return;
  const list = different.map((name) => `${name} was ${stored[name]} and is ${now[name]}`).join('; ');
  throw new RunError(
    `the run cannot be continued exactly: ${list}`,
    'continue with what it began with, or begin a new run with --seed-from the losses found',
  );
}
