/** Which loss a training is of, from what its job says. */
import { parse } from '../../../grammar/read/parse.js';
import { RunError } from '../../errors.js';
import { fillSketch, GENOME_CODEC } from '../gp/genome.js';
import { readLoss, readSketch } from '../losses/subject.js';
import type { Candidate } from '../model/candidate.js';
import type { TrainingJob } from '../model/evaluator.js';
import type { WorkerSetup } from './protocol.js';

export type CandidateOf = (job: Pick<TrainingJob, 'genome' | 'loss'>) => Candidate;

/** For a run that works on a sketch, or on one loss. */
export function candidatesOf({ kind, sources, name }: WorkerSetup['subject']): CandidateOf {
  if (kind === 'loss') {
    const loss = readLoss(sources, name);
    return (job) => withText(job, loss.library) ?? loss;
  }
  const { sketch, library } = readSketch(sources, name);
  return (job) =>
    withText(job, library) ?? {
      loss: fillSketch(sketch, GENOME_CODEC.parse(job.genome), 'candidate'),
      library,
    };
}

/** A job may bring its own loss as text: a candidate with coefficients to be tuned. */
function withText(
  { loss: text }: Pick<TrainingJob, 'loss'>,
  library: Candidate['library'],
): Candidate | undefined {
  if (text === undefined) return undefined;
  const loss = parse({ name: '(candidate)', text }).file.declarations.find((decl) => decl.kind === 'loss');
  if (loss === undefined) throw new RunError('the text of the candidate is not a loss');
  return { loss, library };
}
