/**
 * A search that somebody in this process evaluates: it stands still while questions are open. Generations are bred and committed as
 * in `searchLoop` without a lag; nothing is written.
 */
import type { Evaluator, TrainingJob, TrainingReport } from '../model/evaluator.js';
import { INITIAL_STATE, type SearchState } from '../model/search-state.js';
import { breed } from './breed.js';
import { commit } from './commit.js';
import { createMemory } from './memory.js';
import type { SearchWorld } from './search-world.js';

/** A loss whose fitness the search waits for. */
export interface Question {
  /** From 0, in the order of asking. */
  readonly id: number;
  readonly generation: number;
  readonly job: TrainingJob;
}

export interface QuestionLoop {
  /** The open questions. Where there are none the search goes on first; none after that where its space is used up. */
  ask(): Promise<readonly Question[]>;
  /** The open questions as they are. */
  open(): ReadonlyMap<number, Question>;
  /** How many questions there have been so far. */
  asked(): number;
  /** Answers open questions, and lets the search go on until the next are open or the generation is finished. */
  answer(reports: ReadonlyMap<number, TrainingReport>): Promise<void>;
  /** After the last finished generation. */
  state(): SearchState;
}

/** Generations in a row that bring nothing new before a space counts as used up. */
const MOST_IDLE = 3;

export function createQuestionLoop(
  world: Omit<SearchWorld, 'evaluator' | 'memory'>,
  screening: Pick<Evaluator, 'analyse' | 'probe'>,
): QuestionLoop {
  const open = new Map<number, Question>();
  const answers = new Map<number, (report: TrainingReport) => void>();
  let asked = 0;
  let state = INITIAL_STATE;
  /** The generation that is being made. */
  let working: Promise<void> | undefined;
  /** Who waits for questions. */
  const waiting = new Set<() => void>();
  const evaluator: Evaluator = {
    analyse: (genomes) => screening.analyse(genomes),
    probe: (genomes) => screening.probe(genomes),
    async train(jobs) {
      const generation = state.generation + 1;
      const reports = jobs.map((job) => {
        const id = asked++;
        open.set(id, { id, generation, job });
        return new Promise<TrainingReport>((resolve) => answers.set(id, resolve));
      });
      if (jobs.length > 0) for (const tell of waiting) tell();
      return Promise.all(reports);
    },
  };
  const whole: SearchWorld = { ...world, evaluator, memory: createMemory() };

  async function nextGeneration(): Promise<void> {
    const bred = await breed(whole, state, state.generation + 1);
    ({ state } = await commit(whole, state, bred));
  }

  /** Until there are questions, or the generation is finished. */
  async function settled(): Promise<void> {
    if (open.size > 0 || working === undefined) return;
    let tell = (): void => {};
    const questions = new Promise<void>((resolve) => {
      tell = resolve;
      waiting.add(tell);
    });
    try {
      await Promise.race([questions, working]);
    } finally {
      waiting.delete(tell);
    }
  }

  function begin(): void {
    if (working !== undefined) return;
    working = nextGeneration().finally(() => {
      working = undefined;
    });
    // Whoever asks next is told.
    working.catch(() => {});
  }

  return {
    async ask() {
      for (let idle = 0; open.size === 0 && idle < MOST_IDLE; idle++) {
        begin();
        await settled();
      }
      return [...open.values()];
    },
    open: () => open,
    asked: () => asked,
    async answer(reports) {
      for (const [id, report] of reports) {
        const resolve = answers.get(id);
        open.delete(id);
        answers.delete(id);
        resolve?.(report);
      }
      await settled();
    },
    state: () => state,
  };
}
