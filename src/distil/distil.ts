/** From samples of a loss to a formula of the language. */
import { fillSketch, GENOME_CODEC } from '../evolve/gp/genome.js';
import type { SketchSubject } from '../evolve/losses/subject.js';
import type { Trees } from '../evolve/model/genome.js';
import { formulaText, lossFileText } from '../evolve/store/loss-file.js';
import { createRandom } from '../random.js';
import { filled } from './coefficients.js';
import { type Judge, type Member, meanOf, NEGLIGIBLE, picked } from './front.js';
import { fittedStandards, nearestStandard, type Standard } from './nearest.js';
import { roundedCoefficients } from './rounded.js';
import { rowFunction } from './row-function.js';
import { rowsAt, type Samples } from './samples.js';
import { type Ending, type SearchOptions, searchFormulas } from './search.js';

/** Share of the rows that formulas are judged by and not fitted to. */
const HELD_OUT = 0.25;

/** Shares of the time that the standard losses may take, and that the search leaves to write down what it found; and the most of that. */
const [STANDARDS, WRITING] = [0.3, 0.1];
const MOST_WRITING = 5000;

/** `milliseconds` are for all of it. */
export interface DistilOptions extends Omit<SearchOptions, 'random'> {
  /** Decides everything random. */
  readonly seed: string;
}

/** A formula of the front. */
interface Formula {
  readonly size: number;
  readonly formula: string;
  /** Mean squared difference on the rows that were held out, in units of the mean square of the samples. */
  readonly error: number;
}

export interface Distilled {
  readonly front: readonly Formula[];
  /** The smallest within the noise. */
  readonly pick: Formula;
  /** Text of a `.loss` file with the pick. */
  readonly text: string;
  /** The standard losses that fit as well; absent where there was no time to compare them. */
  readonly standard?: readonly Standard[];
  readonly ending: Ending;
  readonly evaluations: number;
}

/** Searches formulas of the sketch for the samples; undefined where none has a value at every one of them. */
export async function distil(
  samples: Samples,
  subject: SketchSubject,
  { seed, ...options }: DistilOptions,
): Promise<Distilled | undefined> {
  const random = createRandom(seed);
  const judge = judgeOf(samples, random.fork('split').shuffled([...samples.wanted.keys()]));
  const { milliseconds = Number.POSITIVE_INFINITY, signal } = options;
  const begun = performance.now();
  const left = (): number => milliseconds - (performance.now() - begun);
  const standards = await fittedStandards(
    subject.sketch.inputs,
    judge,
    () => signal?.aborted === true || left() < (1 - STANDARDS) * milliseconds,
  );
  const { front, ending, evaluations } = await searchFormulas(subject, judge, {
    ...options,
    milliseconds: left() - Math.min(WRITING * milliseconds, MOST_WRITING),
    random: random.fork('search'),
  });
  const pick = picked(front, judge);
  if (pick === undefined) return undefined;
  const scale = judge.negligible / NEGLIGIBLE;
  const text = { ...subject, codec: GENOME_CODEC };
  const described = (member: Member): { readonly genome: readonly string[]; readonly formula: Formula } => {
    // What is in the file has its digits looked at in any case.
    const isPlain = member === pick || left() > 0;
    const { fitted, coefficients } = member;
    const trees = isPlain ? plainTrees(member, subject, judge) : filled(fitted, coefficients);
    const genome = GENOME_CODEC.print(trees);
    const error = meanOf(member.heldOut) / scale;
    return { genome, formula: { size: member.size, formula: formulaText(text, genome), error } };
  };
  const { genome, formula } = described(pick);
  const standard = standards && nearestStandard(standards, judge, pick);
  const notes = [
    `From ${samples.wanted.length} samples of its ${samples.quantity.kind}, seed ${seed}: error ${errorText(formula.error)} on those held out.`,
    ...(standard ?? []).map((one) => `${standardText(one)} fits them as well.`),
  ];
  return {
    front: front.map((member) => (member === pick ? formula : described(member).formula)),
    pick: formula,
    text: lossFileText(text, genome, NAME, notes),
    ...(standard !== undefined && { standard }),
    ending,
    evaluations,
  };
}

/** What the loss is called in its file. */
const NAME = 'distilled';

function judgeOf(samples: Samples, order: readonly number[]): Judge {
  const heldOut = Math.round(HELD_OUT * order.length);
  const meanSquare = meanOf(samples.wanted.map((x) => x * x));
  return {
    train: rowsAt(samples, order.slice(heldOut)),
    heldOut: rowsAt(samples, order.slice(0, heldOut)),
    quantity: samples.quantity,
    negligible: NEGLIGIBLE * meanSquare,
  };
}

/** As few digits as the samples can tell apart; all that were found where rounding leaves no loss, without its prediction. */
function plainTrees(
  { fitted, coefficients }: Member,
  { sketch, library }: SketchSubject,
  { train, quantity, negligible }: Judge,
): Trees {
  const ofTrees = (trees: Trees, names: readonly string[]) =>
    rowFunction({ loss: fillSketch(sketch, trees, NAME), library, coefficients: names }, quantity);
  const rows = ofTrees(fitted.trees, fitted.names)!;
  const scale = (negligible / NEGLIGIBLE) * train.wanted.length;
  const rounded = filled(fitted, roundedCoefficients({ rows, ...train }, coefficients, scale));
  return ofTrees(rounded, []) === undefined ? filled(fitted, coefficients) : rounded;
}

/** An error with three digits. */
export const errorText = (error: number): string => Number(error.toPrecision(3)).toString();

/** `std/focal at gamma = 1.99, times 0.25`. */
export function standardText({ name, parameters, factor }: Standard): string {
  const values = Object.entries(parameters).map(([key, value]) => `${key} = ${value.toPrecision(3)}`);
  const times = Math.abs(factor - 1) < 0.005 ? '' : `, times ${factor.toPrecision(3)}`;
  return `${name}${values.length === 0 ? '' : ` at ${values.join(', ')}`}${times}`;
}
