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
    says: 'which sketch, when the file has several',
    unusable: ({ files }) =>
      files.length > 0 ? undefined : 'names a sketch of a file, and no file is given',
  },
  seedFrom: {
    flags: '--seed-from <file>',
    says: 'begin with the losses of this file (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
  },
  widen: {
    flags: '--widen',
    says: 'add to the sketch what the losses to begin with need beyond it',
    resumed: 'at the beginning',
    unusable: ({ given, files }) =>
      given.has('seedFrom') || files.length > 1
        ? undefined
        : 'adds what losses to begin with need, and none is given besides a sketch',
  },
  propose: {
    flags: '--propose <command>',
    says: 'ask this command for expressions once a generation; the page about the evaluator protocol says how',
    unusable: ({ given }) =>
      given.has('ask')
        ? 'does not go with --ask: a proposer is asked by a search that goes on by itself'
        : undefined,
  },
  maxNodes: {
    flags: '--max-nodes <n>',
    says: 'largest expression (default 30, with --preset glo 200, or room for the losses to begin with)',
    read: wholeNumber(1),
  },
  maxDepth: {
    flags: '--max-depth <n>',
    says: 'deepest expression, a leaf alone being 0 (default 10, with --preset glo 30, or as above)',
    read: wholeNumber(1),
  },
  maxNesting: {
    flags: '--max-nesting <n>',
    says: 'how often one function may stand within itself; exp(exp(x)) is 2 (default: any number of times)',
    read: wholeNumber(1),
  },
  preset: {
    flags: '--preset <name>',
    says: 'glo: the published search; default: what measured better',
    choices: ['default', 'glo'],
    byDefault: 'default',
  },
  population: {
    flags: '--population <n>',
    says: 'individuals, over all islands',
    read: wholeNumber(2),
  },
  lag: {
    flags: '--lag <n>',
    says: 'generations that may be in flight before the one that is being finished, so that nobody waits for the slowest training (default 0, with --queue 2)',
    read: wholeNumber(0),
  },
  generations: {
    flags: '--generations <n>',
    says: 'stop after so many generations (default 30 without another budget, 10 with --preset glo)',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  evaluations: {
    flags: '--evaluations <n>',
    says: 'stop after so many trained candidates',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  maxSteps: {
    flags: '--max-steps <n>',
    says: 'stop after so many training steps in all',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  minutes: {
    flags: '--minutes <x>',
    says: 'stop the search after so much time; tuning and comparison come on top',
    read: positiveNumber,
    resumed: 'this sitting',
  },
  tuneEvaluations: {
    flags: '--tune-evaluations <n>',
    says: 'trainings to tune the coefficients of the best loss with, 0 for none',
    read: wholeNumber(0),
  },
  finalSeeds: {
    flags: '--final-seeds <n>',
    says: 'trainings of the winner and of the baseline on the test split, 0 for none',
    read: wholeNumber(0),
    byDefault: 5,
  },
  finalSteps: {
    flags: '--final-steps <n>',
    says: 'steps of those trainings (default: as many as --steps)',
    read: wholeNumber(1),
    unusable: unlessNoFinals,
  },
  against: {
    flags: '--against <file>',
    says: 'compare the winner with these losses too (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
    unusable: unlessNoFinals,
  },
  known: {
    flags: '--known <dir>',
    says: 'use the trainings of an earlier run of the same task (repeat for each)',
    repeats: true,
    resumed: 'at the beginning',
  },
  ...resumeRows('run'),
};
