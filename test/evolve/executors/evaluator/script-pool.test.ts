import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../../../grammar/read/parse.js';
import type { LossDecl } from '../../../../grammar/tree/ast.js';
import type { Answered, Question } from '../../../../src/evolve/executors/evaluator/evaluation.js';
import {
  createScriptPool,
  type ScriptPool,
  type ScriptPoolOptions,
} from '../../../../src/evolve/executors/evaluator/script-pool.js';
import { gone } from '../../../helpers/processes.js';

/** A script that misbehaves costs the evaluations in which it does, and no others. */
const faults = suite('faulty training scripts');
const folder = mkdtempSync(join(tmpdir(), 'lossc-faults-'));
faults.after(() => rmSync(folder, { recursive: true }));

const SCRIPT = fileURLToPath(new URL('./faulty-script.mjs', import.meta.url));
const LIMITS = { startSeconds: 20, evaluationSeconds: 20, folderMiB: 1 };

const commandOf = (fault: string, ...args: readonly string[]): string =>
  [process.execPath, SCRIPT, fault, ...args].map((word) => `'${word}'`).join(' ');

async function withPool<T>(
  command: string,
  use: (pool: ScriptPool) => Promise<T>,
  options: Partial<ScriptPoolOptions> = {},
): Promise<T> {
  const pool = createScriptPool({ command, workers: 1, limits: LIMITS, matched: false, ...options });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

const lossOf = (body: string): LossDecl => {
  const text = `loss mine(target: onehot[class], prediction: probability[class]) = ${body}`;
  return parse({ name: 'mine.loss', text }).file.declarations[0] as LossDecl;
};
const LOSS = lossOf('-sum(target * log(prediction), class)');

const question = (seed: string, more: Partial<Question> = {}): Question => ({
  candidate: { loss: LOSS, library: [] },
  seed,
  steps: 10,
  gates: [],
  split: 'validation',
  ...more,
});
const SEEDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const ask = (pool: ScriptPool, seeds = SEEDS): Promise<Answered[]> =>
  Promise.all(seeds.map((seed) => pool.ask(question(seed))));
const endsOf = (answers: readonly Answered[]): string[] => answers.map(({ report }) => report.end);
const scoresOf = (answers: readonly Answered[]) => answers.map(({ report }) => report.score);
const detailOf = ({ report }: Answered): string => (report.score === null ? report.detail : '');

let right: readonly (number | null)[] = [];

faults('a good script: one and two processes give the same answers in the same order', async () => {
  right = scoresOf(await withPool(commandOf('none'), (pool) => ask(pool)));
  assert.is(new Set(right).size, SEEDS.length);
  const two = await withPool(commandOf('none'), (pool) => ask(pool), { workers: 2 });
  assert.equal(scoresOf(two), right);
  assert.equal(
    endsOf(two),
    SEEDS.map(() => 'finished'),
  );
});

/** Seeds that the script misbehaves at, and how these evaluations end; all others are as if nothing had happened. */
const COSTS: Readonly<Record<string, readonly [end: string, detail: RegExp]>> = {
  dies: ['crashed', /exited with code 3/],
  'is killed': ['killed', /SIGKILL/],
  'floods its output': ['failed', /keeps printing to standard output/],
  'writes a line without end': ['failed', /a line of more than/],
  'gives NaN': ['failed', /a line that is not JSON/],
  'gives text': [
    'failed',
    /something that is not a message.*"metrics.accuracy" is .* and should be a number/,
  ],
  'gives more than 1': [
    'failed',
    /accuracy is 93, and a metric where higher is better must be between 0 and 1/,
  ],
  'gives another metric': ['failed', /no accuracy/],
  'gives a wrong id': ['failed', /evaluation nobody, which does not exist/],
  'sends an unknown message': ['failed', /"type" is .*progress/],
  'says hello again': ['failed', /hello twice/],
  'says that it failed': ['out-of-memory', /CUDA out of memory/],
  'fills its folder': ['failed', /more than 1 MiB/],
};

for (const [fault, [end, detail]] of Object.entries(COSTS)) {
  faults(`one that ${fault} costs the evaluations in which it does`, async () => {
    const answers = await withPool(commandOf(fault, '3'), (pool) => ask(pool));
    const broken = answers.filter(({ report }) => report.score === null);
    assert.ok(broken.length > 0 && broken.length < answers.length, JSON.stringify(endsOf(answers)));
    for (const answer of broken) {
      assert.is(answer.report.end, end);
      assert.match(detailOf(answer), detail);
    }
    for (const [i, { report }] of answers.entries())
      if (report.score !== null) assert.is(report.score, right[i]);
  });
}

faults('one that hangs is ended at the time limit', async () => {
  const limits = { ...LIMITS, evaluationSeconds: 1 };
  const answers = await withPool(commandOf('hangs', '3'), (pool) => ask(pool), { limits });
  assert.ok(endsOf(answers).includes('timed-out'));
  for (const [i, { report }] of answers.entries())
    if (report.score !== null) assert.is(report.score, right[i]);
});

for (const fault of ['chatters', 'gives two results']) {
  faults(`one that ${fault} costs nothing`, async () => {
    const answers = await withPool(commandOf(fault, '2'), (pool) => ask(pool));
    assert.equal(scoresOf(answers), right);
  });
}

faults('one that is killed from outside is asked again', async () => {
  const mark = join(folder, 'killed');
  const answers = await withPool(commandOf('is killed once', '1', mark), (pool) => ask(pool));
  assert.ok(existsSync(mark));
  assert.equal(scoresOf(answers), right);
});

faults('one that diverged has an answer: the loss is worth nothing', async () => {
  const answers = await withPool(commandOf('says that it diverged'), (pool) => ask(pool, ['a']));
  assert.equal([answers[0]!.report.end, answers[0]!.report.score], ['not-finite', 0]);
});

faults('what it leaves behind is ended with it', async () => {
  const mark = join(folder, 'grandchild');
  const [answer] = await withPool(commandOf('leaves a grandchild', '1', mark), (pool) => ask(pool, ['a']));
  assert.is(answer!.report.end, 'crashed');
  assert.ok(await gone(Number(readFileSync(mark, 'utf8'))));
});

const hello = (fault: string, limits = LIMITS): Promise<unknown> =>
  withPool(commandOf(fault), (pool) => pool.hello(), { limits });

async function thrownBy(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'nothing was thrown',
    (thrown) => String(thrown),
  );
}

faults('one that does not start is told of before anything begins', async () => {
  assert.match(await thrownBy(hello('dies at once')), /does not start: exited with code 1/);
  assert.match(
    await thrownBy(hello('is silent', { ...LIMITS, startSeconds: 1 })),
    /does not start: it did not say hello within 1 s/,
  );
  assert.match(
    await thrownBy(hello('speaks another protocol')),
    /does not start: .*"protocol" is 2 and should be 1/,
  );
  const missing = withPool('no-such-program-anywhere', (pool) => pool.hello());
  assert.match(await thrownBy(missing), /does not start: exited with code 127: .*not found/);
});

faults('one whose environment changes ends the run, which can be resumed', async () => {
  const mark = join(folder, 'changed');
  const thrown = await thrownBy(withPool(commandOf('changes', '1', mark), (pool) => ask(pool, ['a', 'b'])));
  assert.match(thrown, /not the same as when the run started: script was one and is another/);
});

faults('gates stop a training, and its score is the one that it had there', async () => {
  const gates = [
    { step: 2, atLeast: 0 },
    { step: 5, atLeast: 1 },
  ];
  const [answer] = await withPool(commandOf('none'), async (pool) => [
    await pool.ask(question('a', { gates })),
  ]);
  const { report } = answer!;
  assert.equal([report.end, report.score, report.steps], ['hopeless', right[0], 5]);
  assert.equal(
    report.curve.map(({ step }) => step),
    [2, 5],
  );
});

faults('a metric of which less is better becomes 1 / (1 + value)', async () => {
  const [answer] = await withPool(commandOf('none', '1', '', 'lower'), (pool) => ask(pool, ['a']));
  assert.is(answer!.report.score, 1 / (1 + right[0]!));
  assert.is(answer!.value, right[0]);
});

faults('folders and logs: nothing is left behind, and what it prints is kept', async () => {
  await withPool(commandOf('chatters'), async (pool) => {
    await ask(pool, ['a']);
    assert.is(readFolders().length, 1);
    pool.logInto(join(folder, 'logs'));
    await ask(pool, ['b']);
  });
  const log = readFileSync(join(folder, 'logs/worker-0.log'), 'utf8');
  assert.is(log.match(/epoch 99/g)?.length, 2);
  assert.equal(readFolders(), []);
});

const readFolders = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`lossc-evaluator-${process.pid}-`));

faults.run();
