/** Where candidates come from besides variation: whoever is asked, once a generation. */
import type { Trees } from './genome.js';
import type { SearchState } from './search-state.js';

export interface Proposer {
  /** At most `count` genomes that fit the sketch, for a generation that is bred from this state. Equal for equal runs once answered. */
  propose(state: SearchState, generation: number, count: number): Promise<readonly Trees[]>;
}
