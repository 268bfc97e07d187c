/** How a search ended, in words: what the winner is called, and whether it is better than what it was compared with. */
import { type LossName, nameLoss } from '../evolve/naming/name-loss.js';
import { nameSentences } from '../evolve/naming/sentences.js';
import type { Seed } from '../evolve/seeds/derive.js';
import type { ComparisonReport, LossReport } from '../runtime/comparison-report.js';
import { holm, welchTest } from '../statistics.js';

export interface Ending extends LossName {
  readonly against: readonly Verdict[];
  /** All of it as sentences. */
  readonly sentences: readonly string[];
}

interface Verdict {
  readonly loss: string;
  readonly outcome: 'better' | 'worse' | 'level' | 'unknown';
  /** How much better the winner is: of a share in points, otherwise in the units of the metric; below 0 if it is worse. */
  readonly by: number;
  /** Welch's test, corrected by Holm; null where too few trainings ended. */
  readonly p: number | null;
}

/** From where on a difference counts as one. */
const SIGNIFICANT = 0.05;

/** `comparison` holds the winner under its own name. */
export function endingOf(winner: Seed, comparison: ComparisonReport | undefined): Ending {
  const { name } = winner.loss.name;
  const called = nameLoss({ program: winner.program, decl: winner.loss });
  const against = comparison === undefined ? [] : verdicts(name, comparison.losses, comparison.metric);
  const sentences = [
    ...nameSentences(name, called),
    ...against.map((verdict) => sentence(name, verdict, comparison!.metric)),
  ];
  return { ...called, against, sentences };
}

type Metric = ComparisonReport['metric'];

function verdicts(name: string, losses: readonly LossReport[], metric: Metric): Verdict[] {
  const winner = losses.find((loss) => loss.name === name);
  const [first, ...others] = losses.filter((loss) => loss !== winner && loss.runs.length > 0);
  if (winner === undefined || winner.runs.length === 0 || first === undefined) return [];
  const tests = others.map((loss) => welchTest(values(winner), values(loss)));
  const corrected = holm(tests.map(({ p }) => p));
  const versusFirst = winner.versusFirst ?? {
    ...welchTest(values(winner), values(first)),
    holm: Number.NaN,
  };
  return [
    verdict(first.name, versusFirst.difference, versusFirst.holm, metric),
    ...others.map((loss, i) => verdict(loss.name, tests[i]!.difference, corrected[i]!, metric)),
  ];
}

const values = ({ runs }: LossReport): readonly number[] => runs.map((run) => run.testValue);

function verdict(loss: string, difference: number, p: number, { goal, isShare }: Metric): Verdict {
  const by = (goal === 'higher' ? 1 : -1) * (isShare ? 100 : 1) * difference;
  if (Number.isNaN(p)) return { loss, outcome: 'unknown', by, p: null };
  const outcome = p >= SIGNIFICANT ? 'level' : by > 0 ? 'better' : 'worse';
  return { loss, outcome, by, p };
}

function sentence(name: string, { loss, outcome, by, p }: Verdict, { label, goal, isShare }: Metric): string {
  const size = isShare
    ? `${Math.abs(by).toFixed(1)} points`
    : `${Number(Math.abs(by).toPrecision(3))} ${label}`;
  const more = by < 0 === (goal === 'higher') ? 'less' : 'more';
  const chance = p === null ? '' : `p = ${p < 1e-4 ? p.toExponential(1) : p.toFixed(p < 0.01 ? 4 : 2)}`;
  switch (outcome) {
    case 'better':
      return `${name} is better than ${loss} by ${size}, ${chance}`;
    case 'worse':
      return `${name} is worse than ${loss} by ${size}, ${chance}`;
    case 'level':
      return `${name} is ${by > 0 ? 'not shown to be better' : 'no better'} than ${loss}: ${size} ${more}, ${chance}`;
    case 'unknown':
      return `${name} has ${size} ${more} than ${loss}, with too few trainings to say more`;
  }
}
