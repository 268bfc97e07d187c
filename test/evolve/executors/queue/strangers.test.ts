/** Jobs that a stranger put on a queue, or that a worker cannot do: nothing of theirs runs, and a sentence says why. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { jobId, type QueueJob } from '../../../../src/evolve/executors/queue/messages.js';
import { openQueue } from '../../../../src/evolve/executors/queue/open-queue.js';
import { readTask } from '../../../../src/evolve/model/task.js';
import { serveQueue } from '../../../../src/evolve/run/queue-worker.js';
import { trainedBy } from '../../../../src/runtime/compile-for-training.js';
import { TRAINER_REVISION } from '../../../../src/runtime/trainer-revision.js';
import { packageVersion } from '../../../../src/version.js';
import { scratch } from '../../../helpers/command-line.js';

const strangers = suite('jobs of strangers');
const root = scratch();

/** A data module that tells when it is loaded. */
const MODULE = join(root, 'data.mjs');
const LOADED = join(root, 'loaded');
writeFileSync(
  MODULE,
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(LOADED)}, '');\nexport const loadData = () => { throw new Error('here'); };\n`,
);

const good: QueueJob = {
  format: 2,
  environment: {
    lossc: packageVersion(),
    node: process.versions.node.split('.')[0]!,
    ...trainedBy(),
    backend: 'cpu',
    trainer: TRAINER_REVISION,
  },
  limits: { taskSeconds: 60, memoryMiB: 1024 },
  task: readTask({
    cases: [{ dataset: 'digits', trainExamples: 50, validationExamples: 20, hidden: [2] }],
    steps: 2,
  }),
  subject: {
    kind: 'loss',
    sources: {
      source: {
        name: 'l',
        text: 'loss l(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)',
      },
      imports: [],
    },
  },
  files: {},
  job: { genome: [], replicate: 0, seed: 's', steps: 2, gates: [] },
};

let queues = 0;

/** Puts a job on a new queue and has a worker look at it: what it answered, what it said, and whether the job is there again. */
async function meet(text: string, { id = jobId(text), trusted = [] as string[] } = {}) {
  const queue = join(root, `queue-${queues++}`);
  const end = await openQueue(queue, () => {}).coordinate();
  await end.offer([{ id, text }]);
  const stop = new AbortController();
  let failure = '';
  const looks = setInterval(() => {
    if (readdirSync(join(queue, 'answers')).length > 0) stop.abort();
  }, 100);
  await serveQueue({ queue, workers: 1, trusted, signal: stop.signal, notice: () => {} }).catch(
    (thrown: Error) => {
      failure = thrown.message;
    },
  );
  clearInterval(looks);
  await end.close();
  const answers = readdirSync(join(queue, 'answers')).map((name) =>
    JSON.parse(readFileSync(join(queue, 'answers', name), 'utf8')),
  );
  assert.is(answers.length, 1, failure);
  return { answer: answers[0], failure, isBack: existsSync(join(queue, 'jobs', `${id}.json`)) };
}

strangers('a job that is right is trained', async () => {
  const { answer, failure, isBack } = await meet(JSON.stringify(good));
  assert.is(answer.kind, 'report', JSON.stringify(answer));
  assert.is(answer.report.end, 'finished', JSON.stringify(answer));
  assert.equal([failure, isBack], ['', false]);
});

const WRONG: Readonly<Record<string, readonly [text: string, reason: RegExp, id?: string]>> = {
  'no JSON': ['{', /it is not JSON/],
  'no object': ['[]', /"format" is missing/],
  'a field too many': [JSON.stringify({ ...good, module: './x.mjs' }), /there is no field "module"/],
  'a field of another type': [
    JSON.stringify({ ...good, job: { ...good.job, steps: '9' } }),
    /"job.steps" is/,
  ],
  'a time limit of a year': [
    JSON.stringify({ ...good, limits: { ...good.limits, taskSeconds: 3e7 } }),
    /"limits.taskSeconds" is/,
  ],
  'a text of ten megabytes': [
    JSON.stringify({ ...good, padding: 'x'.repeat(1e7) }),
    /the job has 1\d+ characters/,
  ],
  'a comparison without a rate': [
    JSON.stringify({ ...good, subject: undefined, job: undefined, comparison: { seed: '1' } }),
    /"comparison.learningRate" is missing/,
  ],
  'the name of another job': [JSON.stringify(good), /does not match its name/, '0'.repeat(64)],
};

for (const [name, [text, reason, id]] of Object.entries(WRONG)) {
  strangers(`${name}: wrong for everybody`, async () => {
    const { answer, failure, isBack } = await meet(text, id === undefined ? {} : { id });
    assert.is(answer.kind, 'invalid');
    assert.match(answer.reason, reason);
    assert.equal([failure, isBack], ['', false]);
  });
}

const withData = (dataset: string): QueueJob => ({
  ...good,
  task: { ...good.task, cases: [{ ...good.task.cases[0]!, dataset }] },
});

const REFUSED: Readonly<Record<string, readonly [job: object, reason: RegExp, trusted?: string[]]>> = {
  'another form': [{ ...good, format: 1 }, /its jobs come from another version of lossc/],
  'another version': [
    { ...good, environment: { ...good.environment, lossc: '9.9.9', node: '19' } },
    /its jobs are for lossc 9\.9\.9, and here it is \d.*; for node 19, and here it is \d+/,
  ],
  'another trainer': [
    { ...good, environment: { ...good.environment, trainer: '1' } },
    /its jobs are for trainer 1, and here it is \d+/,
  ],
  'a backend that is not here': [
    { ...good, environment: { ...good.environment, backend: 'abacus' } },
    /unknown backend "abacus"/,
  ],
  'a module': [
    withData(MODULE),
    /its jobs load the module .*data\.mjs, and a module can run any code: .*--dataset/,
  ],
  'another module of that name': [
    { ...withData(MODULE), files: { [MODULE]: '0'.repeat(64) } },
    /data\.mjs is not the same file here/,
    [MODULE],
  ],
  'a model that is not here': [
    { ...good, task: { ...good.task, cases: [{ ...good.task.cases[0]!, model: './none.mjs' }] } },
    /its jobs need \.\/none\.mjs, which does not exist here/,
    ['./none.mjs'],
  ],
};

for (const [name, [job, reason, trusted = []]] of Object.entries(REFUSED)) {
  strangers(`${name}: the worker says why it cannot, gives the job back, and ends`, async () => {
    const { answer, failure, isBack } = await meet(JSON.stringify(job), { trusted });
    assert.is(answer.kind, 'refused');
    assert.match(answer.reason, reason);
    assert.match(failure, reason);
    assert.ok(isBack);
    assert.not.ok(existsSync(LOADED), 'no code of a stranger runs');
  });
}

strangers('a loss that cannot be read is a failed training, not the end of the worker', async () => {
  const { answer } = await meet(JSON.stringify({ ...good, job: { ...good.job, loss: 'process.exit(1)' } }));
  assert.is(answer.kind, 'report');
  assert.is(answer.report.end, 'failed');
  assert.match(answer.report.detail, /not a loss/);
});

strangers.run();
