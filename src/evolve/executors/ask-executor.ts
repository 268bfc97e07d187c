/**
 * An executor that trains nothing: it writes each question into a folder of the run, as `params.json` with the loss beside it, and takes the
 * answer from `metrics.json`, whoever has written that. Questions that are open end the sitting; the next one asks again.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { messageOf } from '../../errors.js';
import { writeFileSafely } from '../../files.js';
import { readJsonFile } from '../../read-json.js';
import { classification } from '../../runtime/tasks/learning.js';
import { withDefaults } from '../losses/defaults.js';
import { failedReport, type TrainingJob, type TrainingReport } from '../model/evaluator.js';
import { FROM_SCRIPT, identityOf, type ScriptHello } from '../model/evaluator-messages.js';
import { candidatesOf } from '../training/job-candidate.js';
import { evaluateMessage, follow } from './evaluator/evaluation.js';
import { createLossFiles } from './evaluator/loss-files.js';
import { scriptScreener } from './evaluator/screener.js';
import type { EvaluatorExecutorOptions } from './evaluator-executor.js';
import { type Executor, Interrupted } from './executor.js';

/** Where the questions of a run are, each under its key. */
export const ASKED = 'asked';

const ANSWER = v.variant('type', [FROM_SCRIPT.result, FROM_SCRIPT.error]);

export interface AskExecutorOptions extends Omit<EvaluatorExecutorOptions, 'evaluator'> {
  /** What a script would have said. */
  readonly hello: ScriptHello;
  readonly learningRate: number | undefined;
}

export function createAskExecutor(options: AskExecutorOptions): Executor {
  const { hello, learningRate, subject, scale } = options;
  const candidates = candidatesOf(subject);
  const screener = scriptScreener(options, async () => hello);
  let directory = '';

  /** Undefined while it is open. */
  async function answerTo(job: TrainingJob): Promise<TrainingReport | undefined> {
    const { loss, library } = candidates(job);
    const candidate = { loss: withDefaults(loss, job.parameters ?? {}), library };
    const question = { ...job, candidate, learningRate, split: 'validation' as const };
    try {
      const files = createLossFiles(join(directory, 'losses', ASKED), hello, scale === 'matched');
      const message = evaluateMessage(question, await files(candidate), identityOf(hello), '', '');
      const folder = join(directory, ASKED, message.key);
      const answered = join(folder, 'metrics.json');
      if (existsSync(answered)) {
        const answer = readJsonFile(answered, ANSWER, 'write it again, or delete it to be asked again');
        return follow(question, hello).end({ kind: 'answered', answer }, 0).report;
      }
      mkdirSync(folder, { recursive: true });
      const params = { ...message, id: message.key, folder };
      writeFileSafely(join(folder, 'params.json'), `${JSON.stringify(params, null, 2)}\n`);
      return undefined;
    } catch (thrown) {
      return failedReport('failed', messageOf(thrown));
    }
  }

  return {
    ...screener,
    describe: async () => ({
      backend: 'asked',
      device: hello.environment['device'] ?? 'not said',
      tensorflow: 'none',
      ...(hello.classes !== undefined && { learning: classification(hello.classes) }),
      identity: identityOf(hello),
      liveTensors: 0,
    }),
    async train(jobs, record) {
      const reports: TrainingReport[] = [];
      for (const [index, job] of jobs.entries()) {
        const report = await answerTo(job);
        if (report === undefined) continue;
        record(index, report);
        reports.push(report);
      }
      if (reports.length < jobs.length) throw new Interrupted();
      return reports;
    },
    inFolder: (path) => {
      directory = resolve(path);
    },
  };
}
