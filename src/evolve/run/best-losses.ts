/** The best losses of a run as `.loss` files that `lossc` reads back, each with where it came from. */

import { join } from 'node:path';
import { writeFileSafely } from '../../files.js';
import { fitnessOf, type Individual } from '../model/individual.js';
import type { Archive } from '../model/search-state.js';
import { paretoFront } from '../search/pareto.js';
import { evolvedName, type LossText, lossFileText } from '../store/loss-file.js';

function provenance(individual: Individual, command: string): string[] {
  const { id, born, island, parents, operator, scores, size } = individual;
  return [
    `Evolved by lossc: ${command}`,
    `Candidate ${id} of generation ${born + 1}, island ${island + 1}, by ${operator}${parents.length > 0 ? ` from ${parents.join(' and ')}` : ''}; ${size} nodes.`,
    `Validation score ${fitnessOf(individual).toFixed(4)} (mean of ${scores.length}: ${scores.map((score) => score.toFixed(4)).join(', ')}).`,
  ];
}

/**
 * Writes `losses/best.loss` and one file for each loss on the Pareto front. `written` holds what is already there, by
 * file name, so that only what changed is written; the new contents are returned.
 */
export function writeBestLosses(
  directory: string,
  text: LossText,
  archive: Archive,
  command: string,
  written: ReadonlyMap<string, string> = new Map(),
): Map<string, string> {
  const files = new Map<string, string>();
  const front = paretoFront(archive);
  const add = (name: string, individual: Individual): void => {
    const notes = provenance(individual, command);
    files.set(name, lossFileText(text, individual.genome, evolvedName(individual.id), notes));
  };
  for (const individual of front) add(`size-${String(individual.size).padStart(2, '0')}.loss`, individual);
  const best = front.at(-1);
  if (best !== undefined) add('best.loss', best);
  for (const [name, content] of files) {
    if (written.get(name) !== content) writeFileSafely(join(directory, 'losses', name), content);
  }
  return files;
}
