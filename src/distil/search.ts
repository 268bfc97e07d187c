/**
 * The search for a formula: trees of a sketch are bred as `lossc evolve` breeds them, and a tree is as good as its best coefficients
 * make it. Trees that differ in nothing but constants are one tree.
 */
import { simplifierFor } from '../evolve/gp/simplify-tree.js';
import { searchSpace } from '../evolve/gp/space.js';
import { cross, mutate, randomTrees, type Variation, type VariationContext } from '../evolve/gp/vary.js';
import { spaceContext } from '../evolve/losses/compiler.js';
import type { SketchSubject } from '../evolve/losses/subject.js';
import type { Trees } from '../evolve/model/genome.js';
import type { Limits, MutationName } from '../evolve/model/variation.js';
import type { Random } from '../random.js';
import { type Fitted, refitted, withFitted } from './coefficients.js';
import {
  differencesAt,
  fittableOf,
  frontOf,
  type Judge,
  joined,
  type Member,
  NEGLIGIBLE,
  picked,
} from './front.js';
import { fitCoefficients, type Patience } from './least-squares.js';
import { looksLikeNoise, nearestRows } from './neighbours.js';
import { partsOf, wholeFront } from './parts.js';
import { QuickRows } from './quick.js';
import { type RowFunction, rowFunction } from './row-function.js';
import { type Rows, rowsAt } from './samples.js';
import { sizeOf } from './size.js';
import { startingTrees } from './start.js';

export interface SearchOptions {
  readonly random: Random;
  /** Formulas whose coefficients are fitted, at most. */
  readonly evaluations: number;
  /** Milliseconds after which it ends. */
  readonly milliseconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface Progress {
  readonly evaluations: number;
  /** Of the formula that would be taken now. */
  readonly size: number | undefined;
}

/** Why a search has ended. */
export type Ending = 'noise' | 'evaluations' | 'minutes' | 'interrupted';

export interface Found {
  readonly front: readonly Member[];
  readonly ending: Ending;
  readonly evaluations: number;
}

/** Formulas of each size that are kept to breed from: small ones breed as often as large ones, which come near anything. */
const OF_A_SIZE = 20;
/** Random formulas that a population begins with. */
const BEGINNING = 300;
/** Larger formulas are not fitted. */
const LARGEST = 30;
/** Rows that formulas are compared on while they are bred. */
const BREEDING_ROWS = 160;
/** A fit while formulas are bred: enough to tell a good one from a bad one. */
const BRIEF: Patience = { steps: 8, converged: 1e-3 };
const LINEAR: Patience = { steps: 2, converged: 1e-3 };
const TOURNAMENT = 3;
const LIMITS: Limits = { nodes: 24, depth: 7 };
const DEPTHS = { least: 1, greatest: 3 };
/** More coefficients than this fit anything. */
const MOST_COEFFICIENTS = 6;
/** Other constants may lead a tree to better coefficients. */
const TRIES = 2;
/** Shares of crossover and of new trees; the rest are mutations. */
const [CROSSED, FRESH] = [0.4, 0.08];
/** On few rows a larger formula is not compared with the front unless its error is this part of that of a smaller one. */
const WORTH = 0.97;
/** Attempts without another pick that it takes to believe one which leaves nothing but noise; at least as many as led to it. */
const PATIENCE = 2500;
/** Formulas without a better front after which the population begins anew. */
const STALE = 3000;
/** Formulas between two chances for the process to handle signals. */
const SLICE = 20;

const MUTATIONS: Readonly<Record<MutationName, number>> = {
  'integer-step': 0.5,
  'same-arity': 2,
  collapse: 1,
  expand: 1.5,
  subtree: 2,
  insert: 2,
  hoist: 1.5,
  swap: 0.5,
  perturb: 0.5,
  simplify: 0.3,
};

interface Bred {
  readonly trees: Trees;
  readonly key: string;
  readonly error: number;
}

/** Breeds formulas of the sketch until what is left of the samples is noise, or a limit is reached. */
export async function searchFormulas(
  subject: SketchSubject,
  judge: Judge,
  options: SearchOptions,
): Promise<Found> {
  const parts = partsOf(subject, judge, options.random.fork('holes'));
  const searches = parts.map(
    (part, k) => new Search(part.subject, part.judge, options.random.fork(`part ${k}`)),
  );
  const start = performance.now();
  const evaluations = (): number => searches.reduce((sum, one) => sum + one.evaluations, 0);
  const ended = (step: number): Ending | undefined => {
    if (options.signal?.aborted === true) return 'interrupted';
    if (evaluations() >= options.evaluations) return 'evaluations';
    // Each has tried a formula at least.
    const isOver = performance.now() - start >= (options.milliseconds ?? Number.POSITIVE_INFINITY);
    if (isOver && step >= searches.length) return 'minutes';
    return searches.every((one) => one.isDone()) ? 'noise' : undefined;
  };
  for (let step = 0; ; step++) {
    const ending = ended(step);
    if (ending !== undefined) {
      const fronts = searches.map((one) => one.front);
      return { front: wholeFront(fronts, subject, judge), ending, evaluations: evaluations() };
    }
    const search = searches[step % searches.length]!;
    if (!search.isDone()) search.step();
    if (step % SLICE !== 0) continue;
    options.onProgress?.({ evaluations: evaluations(), size: sizeOfAll(searches) });
    await new Promise(setImmediate);
  }
}

function sizeOfAll(searches: readonly Search[]): number | undefined {
  const sizes = searches.map(({ pick }) => pick?.size ?? Number.NaN);
  const size = sizes.reduce((sum, one) => sum + one, 0);
  return Number.isNaN(size) ? undefined : size;
}

class Search {
  evaluations = 0;
  front: readonly Member[] = [];
  pick: Member | undefined;
  #steps = 0;
  /** Steps when the pick was last replaced. */
  #picked = 0;
  /** Evaluations when the front was. */
  #improved = 0;
  #noise = false;
  #idle = 0;
  readonly #context: VariationContext;
  readonly #few: Rows;
  readonly #quick: QuickRows;
  readonly #meanSquare: number;
  readonly #nearest: Int32Array;
  readonly #members = new Map<number, Member>();
  /** On the few rows. */
  readonly #errors = new WeakMap<Member, number>();
  /** How often a key was fitted. */
  readonly #tries = new Map<string, number>();
  /** By size. */
  readonly #population = new Map<number, Bred[]>();
  /** Evaluations when the population began. */
  #begun = 0;
  /** What is left of the trees to begin with, largest first. */
  readonly #start: Trees[];

  constructor(
    private readonly subject: SketchSubject,
    private readonly judge: Judge,
    private readonly random: Random,
  ) {
    const space = searchSpace(subject.sketch, spaceContext(subject));
    this.#context = { space, subtreeDepth: 2, limits: LIMITS, simplify: simplifierFor(subject, space) };
    const count = judge.train.wanted.length;
    this.#few = rowsAt(
      judge.train,
      Array.from({ length: Math.min(BREEDING_ROWS, count) }, (_, i) => i),
    );
    this.#meanSquare = judge.negligible / NEGLIGIBLE;
    this.#quick = new QuickRows(subject, space, this.#few, judge.quantity);
    this.#start = [...startingTrees(space, this.#quick, this.#few.wanted)].reverse();
    this.#nearest = nearestRows(judge.train);
  }

  /** One formula more, unless it is known. */
  step(): void {
    const made = this.#made();
    this.#steps++;
    // A small sketch may have no other formula.
    this.#idle++;
    if ('failed' in made) return;
    const { trees } = made;
    const fitted = withFitted(trees, this.#context.space);
    const tries = this.#tries.get(fitted.key) ?? 0;
    const size = trees.reduce((sum, tree) => sum + sizeOf(tree), 0);
    if (tries >= TRIES || size > this.#largest() || fitted.names.length > MOST_COEFFICIENTS * trees.length)
      return;
    this.#tries.set(fitted.key, tries + 1);
    this.#idle = 0;
    this.evaluations++;
    const rows = this.#quick.rowsOf(fitted);
    if (rows === undefined) return;
    const { coefficients, error } = this.#bred(rows, fitted);
    if (!Number.isFinite(error)) return;
    this.#consider({ trees, fitted, size }, coefficients, error);
    this.#settle(size, {
      trees: refitted(trees, this.#context.space, fitted, coefficients),
      key: fitted.key,
      error,
    });
  }

  /** Whether there is nothing left to find. */
  isDone(): boolean {
    if (this.#idle > IDLE) return true;
    return this.#noise && this.#steps - this.#picked > Math.max(PATIENCE, this.#picked);
  }

  #made(): Variation {
    const { random } = this;
    if (this.evaluations - this.#improved > STALE) {
      this.#population.clear();
      this.#tries.clear();
      this.#improved = this.evaluations;
      this.#begun = this.evaluations;
    }
    const trees = this.#start.pop();
    if (trees !== undefined) {
      this.#begun = this.evaluations;
      return { trees, operator: 'start' };
    }
    const drawn = random.next();
    if (this.evaluations - this.#begun < BEGINNING || drawn < FRESH || this.#population.size === 0)
      return randomTrees(DEPTHS, this.#context, random);
    if (drawn < FRESH + CROSSED)
      return cross(this.#parent(), this.#parent(), this.#context, random)[random.int(2) as 0 | 1];
    return mutate(this.#parent(), MUTATIONS, this.#context, random);
  }

  /** Once a formula leaves nothing but noise, only smaller ones are of interest. */
  #largest(): number {
    return this.#noise ? this.pick!.size : LARGEST;
  }

  /** A good one of a random size. */
  #parent(): Trees {
    const { random } = this;
    const sizes = [...this.#population.keys()].filter((size) => size <= this.#largest());
    const peers = this.#population.get(random.pick(sizes))!;
    const drawn = Array.from({ length: TOURNAMENT }, () => random.pick(peers));
    return drawn.reduce((best, one) => (one.error < best.error ? one : best)).trees;
  }

  /** Factors first, in which most formulas are linear; then all. */
  #bred(rows: RowFunction, { starts, factors }: Fitted): { coefficients: Float64Array; error: number } {
    const problem = { rows, ...this.#few };
    const linear = fitCoefficients(problem, starts, factors, LINEAR);
    const all = [...starts.keys()];
    const { coefficients, squares } =
      factors.length === all.length ? linear : fitCoefficients(problem, linear.coefficients, all, BRIEF);
    return { coefficients, error: squares / this.#few.wanted.length / this.#meanSquare };
  }

  /** Into the front, where it belongs there. */
  #consider(made: Pick<Member, 'trees' | 'fitted' | 'size'>, start: Float64Array, error: number): void {
    const rivals = this.front.filter(({ size }) => size <= made.size);
    const isOpen = rivals.every(
      (rival) => error < (rival.size < made.size ? WORTH : 1) * this.#errors.get(rival)!,
    );
    if (!isOpen) return;
    const member = joined(made, fittableOf(made.fitted, this.subject), start, this.judge);
    if (member === undefined || rivals.some(({ squares }) => squares <= member.squares)) return;
    this.#errors.set(member, error);
    this.#members.set(made.size, member);
    this.front = frontOf(this.#members.values());
    this.#improved = this.evaluations;
    const pick = picked(this.front, this.judge)!;
    if (pick.fitted.key === this.pick?.fitted.key) return;
    this.pick = pick;
    this.#picked = this.#steps;
    this.#noise = this.#isNoise(pick);
  }

  #isNoise(member: Member): boolean {
    const rows = rowFunction(fittableOf(member.fitted, this.subject), this.judge.quantity)!;
    const differences = differencesAt({ rows, ...this.judge.train }, member.coefficients);
    const isExact = member.squares / differences.length <= this.judge.negligible;
    return isExact || looksLikeNoise(differences, this.#nearest);
  }

  /** Among those of its size, where it takes the place of the worst. */
  #settle(size: number, bred: Bred): void {
    const peers = this.#population.get(size) ?? [];
    this.#population.set(size, peers);
    const worst = peers.reduce((at, one, i) => (one.error > peers[at]!.error ? i : at), 0);
    const same = peers.findIndex(({ key }) => key === bred.key);
    const place = same >= 0 ? same : peers.length < OF_A_SIZE ? peers.length : worst;
    if (place === peers.length) peers.push(bred);
    else if (bred.error < peers[place]!.error) peers[place] = bred;
  }
}

/** Attempts in a row that gave nothing new, after which there is nothing new. */
const IDLE = 5000;
