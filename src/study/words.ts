/** What a study has found, in sentences: what of a difference is the size of the gradients, and what is the shape of the loss. */
import type { ComparisonReport, LossReport } from '../runtime/comparison-report.js';
import type { StudiedCondition, StudyReport } from './report.js';

/** Differences with a larger p, corrected by Holm, are not called differences. */
const SIGNIFICANT = 0.05;

type Verdict = 'better' | 'level' | 'worse';

/** By how a loss does beside the first one as both are written, then at rates of their own. */
const MEANINGS: { readonly [K in Verdict]: { readonly [K in Verdict]: string } } = {
  better: {
    better: 'it is better as written, too: the gain is one of shape',
    level: 'as written it is better: that gain is the size of its gradients, not its shape',
    worse: 'as written it is better: that gain is the size of its gradients, and its shape costs',
  },
  level: {
    better: 'as written there is no difference: its shape helps once the learning rate suits it',
    level: 'as written there is none either',
    worse: 'as written there is no difference: its shape costs once both rates suit',
  },
  worse: {
    better: 'as written it is worse: it only wants another learning rate, and its shape helps',
    level: 'as written it is worse: that is the size of its gradients alone',
    worse: 'as written it is worse, too: its shape costs',
  },
};

/** A sentence for each condition and each loss but the first; those about the speed follow. */
export const sentencesOf = ({ kind, conditions }: StudyReport): readonly string[] =>
  conditions.flatMap((studied) => [
    ...differences(studied, conditions.length > 1),
    ...(kind === 'speed' ? speeds(studied) : []),
  ]);

function differences({ condition, reports }: StudiedCondition, isNamed: boolean): readonly string[] {
  const own = reports['own rate'];
  if (own === undefined) return [];
  const [first, ...others] = own.losses;
  const where = isNamed ? `${condition.name}: ` : '';
  return others.flatMap((loss) => {
    const { versusFirst } = loss;
    if (versusFirst === undefined || Number.isNaN(versusFirst.p)) return [];
    const verdict = verdictOn(loss, own);
    const amount = amountOf(Math.abs(versusFirst.difference), own);
    const rates =
      condition.unchanged === true ? 'at the rates chosen before' : 'each at its own learning rate';
    const said =
      verdict === 'level'
        ? `no difference between ${loss.name} and ${first!.name} is shown, ${rates} (p = ${probability(versusFirst.holm)})`
        : `${loss.name} is ${amount} ${verdict} than ${first!.name}, ${rates} (p = ${probability(versusFirst.holm)})`;
    const raw = reports['as written'];
    const written = raw?.losses.find(({ name }) => name === loss.name);
    const meaning =
      raw === undefined || written?.versusFirst === undefined || condition.unchanged === true
        ? ''
        : `; ${MEANINGS[verdictOn(written, raw)][verdict]}`;
    return [`${where}${said}${meaning}${divergedText([first!, loss])}.`];
  });
}

/** A training that diverged counts, and its number is no measure of a loss. */
const divergedText = (losses: readonly LossReport[]): string =>
  losses
    .map(({ name, runs }) => ({ name, all: runs.length, ended: runs.filter((run) => run.stoppedAt).length }))
    .filter(({ ended }) => ended > 0)
    .map(({ name, all, ended }) => `; ${ended} of the ${all} trainings of ${name} diverged`)
    .join('');

/** Steps to the best value that all trainings of both reach, at rates of their own. */
function speeds({ reports }: StudiedCondition): readonly string[] {
  const own = reports['own rate'];
  if (own === undefined) return [];
  const [first, ...others] = own.losses;
  const reaches = (loss: LossReport, i: number): boolean =>
    loss.runs.length > 0 && loss.stepsTo[i]!.reached === loss.runs.length;
  return others.flatMap((loss) => {
    const best = loss.stepsTo.findLastIndex((_, i) => reaches(loss, i) && reaches(first!, i));
    if (best < 0)
      return [`${loss.name} and ${first!.name} do not both reach any of the targets in all trainings.`];
    const [its, firsts] = [loss, first!].map((one) => one.stepsTo[best]!);
    const share = (its!.steps / firsts!.steps).toFixed(2);
    return [
      `${loss.name} reaches ${targetText(its!.value, own)} in ${share} times the steps of ${first!.name}: ${Math.round(its!.steps)} against ${Math.round(firsts!.steps)}.`,
    ];
  });
}

function verdictOn({ versusFirst }: LossReport, { metric }: ComparisonReport): Verdict {
  if (versusFirst === undefined || !(versusFirst.holm < SIGNIFICANT)) return 'level';
  return versusFirst.difference > 0 === (metric.goal === 'higher') ? 'better' : 'worse';
}

const amountOf = (difference: number, { metric }: ComparisonReport): string =>
  metric.isShare ? `${(100 * difference).toFixed(1)} points` : difference.toPrecision(2);

const targetText = (value: number, { metric }: ComparisonReport): string =>
  metric.isShare ? `${Number((100 * value).toPrecision(4))} %` : String(value);

const probability = (p: number): string => (p < 1e-4 ? p.toExponential(1) : p.toPrecision(2));
