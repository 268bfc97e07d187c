/** The options of `lossc evolve`. */
import type { PresetName } from '../evolve/model/settings.js';
import { positiveNumber, wholeNumber } from './command.js';
import type { Asked, Rows } from './option-table.js';
import { type ResumeOptions, resumeRows } from './resume.js';
import { type TaskOptions, taskRows } from './task-options.js';

export interface EvolveOptions extends TaskOptions, ResumeOptions {
  readonly sketch?: string;
  readonly seedFrom: readonly string[];
  readonly widen?: boolean;
  readonly propose?: string;
  readonly maxNodes?: number;
  readonly maxDepth?: number;
  readonly maxNesting?: number;
  readonly preset: PresetName;
  readonly population?: number;
  readonly lag?: number;
  readonly generations?: number;
  readonly evaluations?: number;
  readonly maxSteps?: number;
  readonly minutes?: number;
  readonly tuneEvaluations?: number;
  readonly finalSeeds: number;
  readonly finalSteps?: number;
  readonly against: readonly string[];
  readonly known: readonly string[];
}

const unlessNoFinals = ({ values }: Asked): string | undefined =>
  values['finalSeeds'] === 0 ? 'contradicts --final-seeds 0, which leaves that comparison out' : undefined;

export const EVOLVE_ROWS: Rows<EvolveOptions> = {
  ...taskRows({ steps: 300, lr: 0.1 }),
  sketch: {
    flags: '--sketch <name>',
    says: 'which sketch, if the file has several',
    unusable: ({ files }) =>
      files.length > 0 ? undefined : 'names a sketch in a file, but no file is given',
  },
  seedFrom: {
    flags: '--seed-from <file>',
    says: 'start from the losses in this file (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
  },
  widen: {
    flags: '--widen',
    says: 'add what the starting losses need to the sketch',
    resumed: 'at the beginning',
    unusable: ({ given, files }) =>
      given.has('seedFrom') || files.length > 1
        ? undefined
        : 'adds what the starting losses need, but only a sketch is given',
  },
  propose: {
    flags: '--propose <command>',
    says: 'ask this command for expressions once per generation; see the evaluator protocol',
    unusable: ({ given }) =>
      given.has('ask')
        ? 'cannot be combined with --ask: only a search that runs by itself asks a proposer'
        : undefined,
  },
  maxNodes: {
    flags: '--max-nodes <n>',
    says: 'size limit of an expression (default: 30, with --preset glo 200, or enough for the starting losses)',
    read: wholeNumber(1),
  },
  maxDepth: {
    flags: '--max-depth <n>',
    says: 'depth limit of an expression, where a leaf has depth 0 (default: 10, with --preset glo 30, or as above)',
    read: wholeNumber(1),
  },
  maxNesting: {
    flags: '--max-nesting <n>',
    says: 'how deeply a function may be nested in itself; exp(exp(x)) is 2 (default: no limit)',
    read: wholeNumber(1),
  },
  preset: {
    flags: '--preset <name>',
    says: 'glo: the published search; default: settings that gave better results',
    choices: ['default', 'glo'],
    byDefault: 'default',
  },
  population: {
    flags: '--population <n>',
    says: 'number of individuals on all islands together',
    read: wholeNumber(2),
  },
  lag: {
    flags: '--lag <n>',
    says: 'how many later generations may start before one is finished, so that no worker waits for the slowest training (default: 0, with --queue 2)',
    read: wholeNumber(0),
  },
  generations: {
    flags: '--generations <n>',
    says: 'stop after this many generations (default: 30 without another budget, 10 with --preset glo)',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  evaluations: {
    flags: '--evaluations <n>',
    says: 'stop after this many trained candidates',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  maxSteps: {
    flags: '--max-steps <n>',
    says: 'stop after this many training steps in total',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  minutes: {
    flags: '--minutes <x>',
    says: 'stop the search after this many minutes, not counting tuning and comparison',
    read: positiveNumber,
    resumed: 'this sitting',
  },
  tuneEvaluations: {
    flags: '--tune-evaluations <n>',
    says: 'number of trainings for tuning the coefficients of the best loss, 0 for none',
    read: wholeNumber(0),
  },
  finalSeeds: {
    flags: '--final-seeds <n>',
    says: 'number of trainings of the winner and the baseline for the comparison on the test split, 0 for none',
    read: wholeNumber(0),
    byDefault: 5,
  },
  finalSteps: {
    flags: '--final-steps <n>',
    says: 'steps of each of these trainings (default: --steps)',
    read: wholeNumber(1),
    unusable: unlessNoFinals,
  },
  against: {
    flags: '--against <file>',
    says: 'also compare the winner with these losses (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
    unusable: unlessNoFinals,
  },
  known: {
    flags: '--known <dir>',
    says: 'reuse the trainings of an earlier run on the same task (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
  },
  ...resumeRows('run'),
};
