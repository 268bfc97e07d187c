/** What `settings.json` of a run holds: everything that decides its result, and what it ran on. */
import type { Learning } from '../../runtime/tasks/learning.js';
import type { ParameterValues } from './candidate.js';
import type { ScriptHello } from './evaluator-messages.js';
import type { PresetName, SearchSettings } from './settings.js';
import type { NamedSources } from './sources.js';
import type { Task } from './task.js';

/** What the results depend on besides the settings: a resumed run needs all of it to be equal. */
export interface Environment {
  readonly lossc: string;
  /** Major version: another engine may round transcendental functions otherwise. */
  readonly node: string;
  readonly tensorflow: string;
  readonly backend: string;
  /** Of a backend that makes training steps in the place of TensorFlow.js: what its bits depend on. */
  readonly native?: string;
  /** Revision of our trainer, where that is what trains. */
  readonly trainer?: string;
  /** Of an evaluator: what its script says of its environment. */
  readonly evaluator?: string;
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
  /** Generations, finished ones of earlier sittings counted. */
  readonly generations?: number;
  /** Candidates trained. */
  readonly evaluations?: number;
  /** Steps of all trainings. */
  readonly steps?: number;
  /** Seconds of work, over all sittings. */
  readonly seconds?: number;
}

/** How coefficients are tuned by CMA-ES. */
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

/** The last phase of a search: its best losses trained in full with fresh seeds. */
export interface Finals {
  /** How many losses are trained in full. */
  readonly losses: number;
  /** Trainings of each. */
  readonly replicates: number;
  /** Steps of each training. */
  readonly steps: number;
}

/** The comparison on the test split that follows the run. */
export interface Comparison {
  /** Trainings of each loss; 0 for no comparison. */
  readonly seeds: number;
  /** As many as a training of the search when absent. */
  readonly steps?: number;
  /** Losses to compare with besides the baseline. */
  readonly against: readonly NamedSources[];
}

/** A training script that takes the place of our own trainer. The command is only run where it is given on a command line. */
export interface ScriptSettings {
  readonly command: string;
  /** The script's own when absent. */
  readonly learningRate?: number;
}

/** Trainings that somebody else makes, who is asked for them in a folder, and who would have said this if he were a script. */
interface AskedSettings {
  readonly hello: ScriptHello;
  readonly learningRate?: number;
}

export type EvaluatorSettings = ScriptSettings | AskedSettings;

/** What a search and a tuning both store. */
export interface CommonSettings {
  readonly command: string;
  /** What was asked for on the command line, option by option: what a resume may not contradict. */
  readonly asked: Readonly<Record<string, unknown>>;
  readonly seed: string;
  /** Without cases where an evaluator trains: data and model are its own. */
  readonly task: Task;
  /** What the task's data has to learn; absent where an evaluator trains something else than a classifier. */
  readonly learning?: Learning;
  readonly evaluator?: EvaluatorSettings;
  /** What a script has said of itself, so that the run can be gone through again without it. */
  readonly hello?: ScriptHello;
  readonly limits: { readonly taskSeconds: number; readonly memoryMiB: number };
  readonly environment: Environment;
  readonly machine: Machine;
}

/** `settings.json` of a search. */
export interface RunSettings extends CommonSettings {
  readonly format: 2;
  readonly preset: PresetName;
  /** The `.loss` text that declares the sketch. */
  readonly sketch: NamedSources;
  /** Losses that the search begins with. */
  readonly seedLosses: readonly NamedSources[];
  /** What they are in the sketch, in their order. A run of before this was kept finds it anew. */
  readonly seedGenomes?: readonly (readonly string[])[];
  /** A command that proposes expressions; only run where it is given on a command line. */
  readonly proposer?: { readonly command: string };
  readonly search: SearchSettings;
  readonly budget: Budget;
  readonly tuning: Tuning;
  readonly finals: Finals;
  readonly comparison: Comparison;
  /** Runs whose trained losses are known from the start. */
  readonly knownRuns: readonly string[];
}

/** `settings.json` of a tuning. */
export interface TuningSettings extends CommonSettings {
  readonly format: 'tuning 2';
  readonly loss: NamedSources;
  /** Where the search begins, for parameters that are not to begin at their defaults. */
  readonly start: ParameterValues;
  readonly tuning: Omit<Tuning, 'losses'>;
}
