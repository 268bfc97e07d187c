/**
 * Expressions from a proposer, asked once a generation and kept in the ledger: what was answered is not asked for again, so that a
 * run that goes on, or is made again from its ledger, needs the proposer for new generations alone.
 */
import * as v from 'valibot';
import { printDecl } from '../../../grammar/print/print.js';
import type { Schema } from '../../read-json.js';
import type { ProposerAnswer, ProposerScript } from '../executors/proposer/proposer-script.js';
import { acceptedTrees } from '../gp/accept.js';
import type { SearchSpace } from '../gp/space.js';
import type { SketchSubject } from '../losses/subject.js';
import type { EvaluationRow } from '../model/evaluation.js';
import type { Trees } from '../model/genome.js';
import { fitnessOf } from '../model/individual.js';
import type { Proposer } from '../model/proposer.js';
import type { ProposeMessage } from '../model/proposer-messages.js';
import type { SearchState } from '../model/search-state.js';
import type { Limits } from '../model/variation.js';
import { paretoFront } from '../search/pareto.js';
import { PROPOSED } from '../search/verdict.js';
import type { Ledger } from '../store/ledger.js';

/** Candidates that were turned away, of which a proposer is told: the latest. */
const MOST_REJECTED = 50;
/** Answers without a proposal in a row after which the command is not asked again in this sitting. */
const MOST_FAILURES = 3;

const answer: Schema<ProposerAnswer> = v.union([
  v.strictObject({ bodies: v.array(v.array(v.string())) }),
  v.strictObject({ problem: v.string() }),
]);

const keyOf = (generation: number): string => `proposals of generation ${generation}`;

export interface Proposing {
  readonly script: ProposerScript;
  readonly ledger: Ledger;
  readonly subject: SketchSubject;
  readonly space: SearchSpace;
  readonly limits: Limits;
  /** Told of an answer that could not be used. */
  readonly onProblem: (problem: string) => void;
}

export function recordingProposer(proposing: Proposing): Proposer {
  const { script, ledger, space, limits, onProblem } = proposing;
  let failures = 0;
  // Several generations may be in flight; the command is asked for one after the other, in their order.
  let before: Promise<unknown> = Promise.resolve();
  const answerFor = async (
    state: SearchState,
    generation: number,
    count: number,
  ): Promise<ProposerAnswer> => {
    const known = ledger.result(keyOf(generation), answer);
    if (known !== undefined) return known;
    if (failures >= MOST_FAILURES) return { problem: 'the proposer failed too often' };
    const made = await script.ask(questionOf(proposing, state, generation, count));
    failures = 'problem' in made ? failures + 1 : 0;
    if ('problem' in made) onProblem(made.problem);
    ledger.setResult(keyOf(generation), made);
    return made;
  };
  return {
    async propose(state, generation, count) {
      const asked = before.then(() => answerFor(state, generation, count));
      before = asked.catch(() => {});
      const made = await asked;
      if ('problem' in made) return [];
      return made.bodies.flatMap((bodies) => {
        const trees = acceptedTrees(bodies, space, limits);
        return 'problem' in trees ? [] : [trees];
      });
    },
  };
}

function questionOf(
  { ledger, subject, space, limits }: Proposing,
  state: SearchState,
  generation: number,
  count: number,
): Omit<ProposeMessage, 'type' | 'id'> {
  return {
    generation,
    count,
    sketch: [...subject.library, subject.sketch].map(printDecl).join('\n'),
    holes: space.holes,
    operators: space.operators.map(({ name }) => name),
    leaves: space.leaves.flatMap((leaf) =>
      leaf.kind === 'name' ? [leaf.name] : leaf.kind === 'number' ? [String(leaf.value)] : ['any number'],
    ),
    limits: { nodes: limits.nodes, depth: limits.depth },
    front: paretoFront(state.archive).map((individual) => ({
      bodies: [...individual.genome],
      score: fitnessOf(individual),
      nodes: individual.size,
    })),
    rejected: [
      ...unreadable(ledger, space, limits, state.generation),
      ...turnedAway(ledger.evaluations(), state.generation),
    ].slice(0, MOST_REJECTED),
  };
}

type Rejected = ProposeMessage['rejected'][number];

/** What was proposed for a generation and is no expression of the sketch. */
function unreadable(ledger: Ledger, space: SearchSpace, limits: Limits, generation: number): Rejected[] {
  const made = ledger.result(keyOf(generation), answer);
  if (made === undefined || 'problem' in made) return [];
  return made.bodies.flatMap((bodies) => {
    const trees: Trees | { readonly problem: string } = acceptedTrees(bodies, space, limits);
    return 'problem' in trees ? [{ bodies: [...bodies], stage: 'reading', reason: trees.problem }] : [];
  });
}

/** Candidates that were not trained, or in vain: first those that were proposed, then the latest. */
function turnedAway(rows: readonly EvaluationRow[], generation: number): Rejected[] {
  const away = rows.filter((row) => row.generation <= generation && row.reason !== undefined).toReversed();
  const isProposed = ({ operator }: EvaluationRow): boolean => operator === PROPOSED;
  return [...away.filter(isProposed), ...away.filter((row) => !isProposed(row))].map(
    ({ genome, stage, outcome, reason }) => ({
      bodies: [...genome],
      stage: stage ?? outcome,
      reason: reason!,
    }),
  );
}
