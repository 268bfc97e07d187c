/** What a search works on and begins with, worked out before anything is made: sketch, losses to begin with, settings. */
import { RunError } from '../../errors.js';
import type { TaskKind } from '../../runtime/tasks/learning.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { overLimit } from '../gp/limits.js';
import { depthOf, sizeOf } from '../gp/tree.js';
import { readSketch, type SketchSubject } from '../losses/subject.js';
import { PRESETS, type PresetName, type SearchSettings } from '../model/settings.js';
import type { NamedSources } from '../model/sources.js';
import { type Beginning, beginning } from '../seeds/begin.js';
import { defaultSketch } from './default-sketch.js';

/** What a search works on and begins with. */
export interface PlanOptions {
  /** Without one the search space follows from the losses that the search begins with, or is that of the preset. */
  readonly sketch?: NamedSources;
  /** Losses that the search begins with. */
  readonly seedLosses?: readonly NamedSources[];
  /** Adds to the sketch what these losses need beyond it. */
  readonly widen?: boolean;
  readonly preset?: PresetName;
  /** Replaces settings of the preset. */
  readonly settings?: Partial<SearchSettings>;
}

export interface SearchPlan {
  readonly sketch: NamedSources;
  /** Whether the sketch was made for this search. */
  readonly made: boolean;
  /** Whether the search space follows from the losses to begin with alone. */
  readonly derived: boolean;
  readonly genomes: Beginning['genomes'];
  readonly search: SearchSettings;
  readonly subject: SketchSubject;
}

/** Throws a RunError or LossError for mistakes. `kind`: what the losses of the preset's own sketch are for. */
export function planSearch(options: PlanOptions, kind: TaskKind): SearchPlan {
  const { preset = 'default', seedLosses = [] } = options;
  const isOwnSpace = options.sketch === undefined && seedLosses.length === 0;
  const base = { sources: defaultSketch(preset, kind) };
  const given = options.sketch ?? (isOwnSpace ? base : undefined);
  const { sketch, genomes } = beginning({
    base,
    seeds: seedLosses,
    ...(given !== undefined && { sketch: given }),
    ...(options.widen !== undefined && { widen: options.widen }),
  });
  const asked = { ...PRESETS[preset], ...options.settings };
  requirePlaces(asked, genomes.length);
  const isLimited = options.settings?.limits !== undefined;
  if (isLimited) requireWithin(asked, seedLosses, genomes);
  const made = given !== sketch;
  const search = made && !isLimited ? withRoom(asked, genomes) : asked;
  const subject = readSketch(sketch.sources, sketch.name);
  return { sketch, made, derived: given === undefined, genomes, search, subject };
}

/** Nodes and levels that a search may add to the largest loss it begins with. */
const ROOM = { nodes: 10, depth: 2 };

function requirePlaces({ islands, population }: SearchSettings, losses: number): void {
  const places = islands * population;
  if (losses <= places) return;
  throw new RunError(
    `the search cannot start from ${losses} losses: its population has ${places} places`,
    'start from fewer losses, or use a larger population',
  );
}

/** Throws a RunError for a loss that limits which were asked for leave no room for. */
function requireWithin(
  { limits }: SearchSettings,
  losses: readonly NamedSources[],
  genomes: Beginning['genomes'],
): void {
  for (const [i, genome] of genomes.entries()) {
    const problem = overLimit(GENOME_CODEC.parse(genome), limits);
    const { sources, name = sources.source.name } = losses[i]!;
    if (problem !== undefined)
      throw new RunError(`the search cannot start from ${name}: ${problem}`, 'raise the limit');
  }
}

/** The settings with limits that leave room to the losses to begin with. */
function withRoom(search: SearchSettings, genomes: Beginning['genomes']): SearchSettings {
  const trees = genomes.map(GENOME_CODEC.parse);
  const nodes = Math.max(0, ...trees.map((all) => all.reduce((sum, tree) => sum + sizeOf(tree), 0)));
  const depth = Math.max(0, ...trees.flat().map(depthOf));
  const { limits } = search;
  return {
    ...search,
    limits: {
      ...limits,
      nodes: Math.max(limits.nodes, nodes + ROOM.nodes),
      depth: Math.max(limits.depth, depth + ROOM.depth),
    },
  };
}
