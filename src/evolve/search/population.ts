/** What an island keeps from one generation to the next, and what it sends to its neighbour. */

import type { Individual } from '../model/individual.js';
import type { Island } from '../model/search-state.js';
import type { SearchSettings } from '../model/settings.js';
import { sortedByValue } from './selection.js';

/**
 * The next members of an island. `generational`: the elites and the children, filled up with the best of the rest
 * where children are missing. `oldest`: the youngest of all, whatever their fitness, and the elites. Copies of one
 * canonical form count once, unless rejected candidates take places too.
 */
export function nextMembers(
  old: readonly Individual[],
  children: readonly Individual[],
  settings: SearchSettings,
): Individual[] {
  const { population, elites, parsimony, replacement } = settings;
  const unique = settings.places.kind === 'take' ? <T>(all: T) => all : distinct;
  const best = sortedByValue(unique([...old, ...children].filter((member) => member.complete)), parsimony);
  const kept = best.slice(0, elites);
  const others =
    replacement === 'oldest'
      ? [...old, ...children].toSorted((a, b) => b.id - a.id)
      : [...children, ...sortedByValue(old, parsimony)];
  const chosen = new Set([...kept, ...others]);
  return unique([...chosen]).slice(0, population);
}

function distinct(individuals: readonly Individual[]): Individual[] {
  const seen = new Set<string>();
  return individuals.filter(({ canonical }) => !seen.has(canonical) && seen.add(canonical) !== undefined);
}

/**
 * Copies of the best of each island go to the next one and take the place of its worst. Every island sends before any
 * receives, so the order of islands does not matter.
 */
export function migrate(islands: readonly Island[], count: number, parsimony: number): Island[] {
  const sent = islands.map(({ members }) =>
    sortedByValue(
      members.filter((member) => member.complete),
      parsimony,
    ).slice(0, count),
  );
  return islands.map(({ members }, i) => {
    const present = new Set(members.map((member) => member.canonical));
    const guests = sent[(i + islands.length - 1) % islands.length]!.filter(
      (guest) => !present.has(guest.canonical),
    );
    const stay = sortedByValue(members, parsimony).slice(0, Math.max(0, members.length - guests.length));
    return { members: [...stay, ...guests] };
  });
}
