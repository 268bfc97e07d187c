import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Evaluate } from '../../src/evolve/model/evaluator-messages.js';
import { readLedger } from '../../src/evolve/store/ledger.js';
import { call } from '../helpers/in-process.js';

/** Trainings that somebody makes by himself: `lossc ask` lists them, `lossc tell` or a file answers. */
const asking = suite('lossc ask and tell');
const root = mkdtempSync(join(tmpdir(), 'lossc-ask-'));
asking.after(() => rmSync(root, { recursive: true }));

writeFileSync(
  join(root, 'hello.json'),
  JSON.stringify({
    ...{ type: 'hello', protocol: 1, targets: ['pytorch'], classes: 4, environment: { device: 'paper' } },
    metric: { name: 'accuracy', goal: 'higher' },
  }),
);
interface Open {
  readonly folder: string;
  readonly question: Evaluate;
}
const lossc = (name: string, ...args: readonly string[]) => call(name, args, { cwd: root });
async function open(
  name: string,
  ...args: readonly string[]
): Promise<{ open: Open[]; finished?: boolean; file?: string }> {
  const { code, stdout, stderr } = await lossc(name, ...args, '--json');
  assert.is(code, 0, stderr);
  return JSON.parse(stdout);
}
const ASKED =
  'evolve --ask hello.json --population 3 --generations 1 --tune-evaluations 0 --steps 7 --seed 2 --out';

/** Answers a whole run: every other one by a file, the others by the command. */
async function answerAll(folder: string): Promise<number> {
  let asked = 0;
  let now: Awaited<ReturnType<typeof open>> = await open(...(`${ASKED} ${folder}`.split(' ') as [string]));
  while (now.open.length > 0) {
    for (const [i, { folder: place, question }] of now.open.entries()) {
      const value = (question.seed % 1000) / 1000;
      if (i % 2 === 0)
        writeFileSync(
          join(root, place, 'metrics.json'),
          JSON.stringify({ type: 'result', id: question.key, metrics: { accuracy: value } }),
        );
      else assert.is((await lossc('tell', folder, question.key, String(value))).code, 0);
      asked++;
    }
    now = await open('ask', folder);
  }
  assert.ok(now.finished);
  assert.ok(existsSync(join(root, now.file!)));
  return asked;
}

const scoresIn = (folder: string) => {
  const ledger = readLedger(join(root, folder, 'ledger.sqlite'));
  try {
    return ledger.trainings().map(({ genome, replicate, score }) => [genome, replicate, score]);
  } finally {
    ledger.close();
  }
};

asking('a run is led to its end by answers, which are in its ledger', async () => {
  const asked = await answerAll('run');
  const scores = scoresIn('run');
  assert.is(scores.length, asked);
  assert.ok(asked >= 3);
});

asking('a question is a folder with params.json and the loss; what is wrong is refused', async () => {
  const { open: wanted } = await open(...(`${ASKED} other`.split(' ') as [string]));
  const [{ folder, question }] = wanted as [Open];
  assert.equal([question.steps, question.split, question.id], [7, 'validation', question.key]);
  assert.match(readFileSync(question.loss.files.pytorch!, 'utf8'), 'def candidate(');
  for (const value of ['2', '-1', 'much', ''])
    assert.match((await lossc('tell', 'other', question.key, value)).stderr, /is not a value of accuracy/);
  assert.match((await lossc('tell', 'other', 'nothing', '0.5')).stderr, /is not waiting for nothing/);
  assert.is((await lossc('tell', 'other', question.key, 'nan')).code, 0);
  assert.match((await lossc('tell', 'other', question.key, '0.5')).stderr, /has already been answered/);
  assert.is(JSON.parse(readFileSync(join(root, folder, 'metrics.json'), 'utf8')).kind, 'diverged');
  assert.is((await open('ask', 'other')).open.length, wanted.length - 1);
});

asking.run();
