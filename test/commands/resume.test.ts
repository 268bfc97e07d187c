import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, type Run } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** Going on with runs: exactly as they were begun, and nothing that their folders alone ask for. */
const resuming = suite('going on with a run');
const root = mkdtempSync(join(tmpdir(), 'lossc-resume-'));
const home = process.cwd();
resuming.before(() => process.chdir(root));
resuming.after(() => {
  process.chdir(home);
  rmSync(root, { recursive: true });
});

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');
const lossc = (line: string): Promise<Run> => {
  const [name, ...args] = words(line);
  return call(name!, args);
};
const json = (file: string) => JSON.parse(readFileSync(join(root, file), 'utf8'));

const SMALL = '--train-examples 100 --validation-examples 50 --hidden 4 --steps 4 --backend cpu --workers 1';
const SHORT = '--population 6 --generations 2 --tune-evaluations 0';

/** Runs `lossc` and sends it a signal as soon as a training is in the ledger. */
function interrupted(line: string, folder: string, signal: NodeJS.Signals): Promise<number | null> {
  const child = spawn(process.execPath, [...CLI, ...words(line)], {
    cwd: root,
    stdio: 'ignore',
  });
  const poll = setInterval(() => {
    if (existsSync(join(root, folder, 'ledger.sqlite'))) {
      clearInterval(poll);
      child.kill(signal);
    }
  }, 20);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      clearInterval(poll);
      resolve(code);
    }),
  );
}

resuming('what was asked for at first is done at the end, the comparison too', async () => {
  const asked = `${SMALL} ${SHORT} --final-seeds 3 --final-steps 6 --against std/gce --scale raw`;
  assert.is(await interrupted(`evolve ${asked} --out run`, 'run', 'SIGHUP'), 130);
  assert.not.ok(existsSync(join(root, 'run/lock')), 'the end of the terminal gives the lock back');
  const { code, stderr } = await lossc('evolve --resume run --workers 2');
  assert.is(code, 0, stderr);
  const report = json('run/comparison.json');
  assert.equal([report.steps, report.scale], [6, 'raw']);
  assert.equal(
    report.losses.map(({ name, runs }: { name: string; runs: unknown[] }) => [
      name.replace(/\d+/, 'N'),
      runs.length,
    ]),
    [
      ['cross_entropy', 3],
      ['gce', 3],
      ['evolved_N', 3],
    ],
  );
});

resuming('a new budget is kept; the options it began with may be said again', async () => {
  const { code, stderr } = await lossc(
    'evolve --resume run --generations 3 --steps 4 --hidden 4 --final-seeds 3',
  );
  assert.is(code, 0, stderr);
  assert.equal(json('run/settings.json').budget, { generations: 3 });
});

resuming(
  'an option that contradicts the run is refused by its name, with both values and the cure',
  async () => {
    const { code, stderr } = await lossc('evolve --resume run --steps 77');
    assert.is(code, 2);
    assert.is(
      stderr,
      `error: --steps 77 contradicts the run in run, which started with --steps 4
  = hint: leave it out to continue that run, or start a new one without --resume
`,
    );
  },
);

resuming('settings that were changed after the run began are named', async () => {
  cpSync(join(root, 'run'), join(root, 'changed'), { recursive: true });
  const settings = json('changed/settings.json');
  settings.task.steps = 9;
  writeFileSync(join(root, 'changed/settings.json'), JSON.stringify(settings));
  const { code, stderr } = await lossc('evolve --resume changed');
  assert.is(code, 1);
  assert.match(stderr, /changed\/settings\.json was changed after the run started: task/);
});

/** A module that leaves a mark where it is loaded, and says what it is asked for. */
const MARKING = (mark: string, body: string): string =>
  `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(mark)}, '');\n${body}`;
const MODEL = `export const createModel = ({ tf, inputShape, classes }) => tf.sequential({ layers: [
  tf.layers.flatten({ inputShape }),
  tf.layers.dense({ units: classes, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
] });\n`;

for (const [option, name] of [
  ['model', 'model.mjs'],
  ['dataset', 'data.mjs'],
] as const) {
  resuming(`a folder from elsewhere that names a ${option} runs nothing of it`, async () => {
    cpSync(join(root, 'run'), join(root, `evil-${option}`), { recursive: true });
    const mark = join(root, `${option}-ran`);
    writeFileSync(join(root, name), MARKING(mark, `${MODEL}export const loadData = () => ({});\n`));
    const file = `evil-${option}/settings.json`;
    const settings = json(file);
    settings.task.cases[0][option] = `./${name}`;
    settings.budget.generations = 99;
    writeFileSync(join(root, file), JSON.stringify(settings));

    const { code, stderr } = await lossc(`evolve --resume evil-${option}`);
    assert.is(code, 2);
    assert.is(
      stderr,
      `error: the run in evil-${option} loads the module ./${name}, and a module can run any code
  = hint: if you trust it, name it again: --${option} ./${name}
`,
    );
    for (const command of ['report', 'show', 'lineage', 'pareto'])
      assert.is((await lossc(`${command} evil-${option}`)).code, 0, command);
    assert.not.ok(existsSync(mark));
  });
}

resuming('a module that is named again, or trusted, is loaded', async () => {
  writeFileSync(join(root, 'mine.mjs'), MODEL);
  const run = `--model ./mine.mjs ${SMALL.replace('--hidden 4', '')} ${SHORT} --final-seeds 0`;
  const first = await lossc(`evolve ${run} --out own`);
  assert.is(first.code, 0, first.stderr);
  assert.is((await lossc('evolve --resume own')).code, 2);
  assert.is((await lossc('evolve --resume own --model ./other.mjs')).code, 2);
  for (const trust of ['--model ./mine.mjs', '--trust-modules'])
    assert.is((await lossc(`evolve --resume own ${trust}`)).code, 0, trust);
});

resuming('a tuning goes on with a larger budget, to where one with that budget gets', async () => {
  const tuning = `tune std/gce --param q=0.5 ${SMALL} --json`;
  const whole = await lossc(`${tuning} --evaluations 24 --out whole`);
  assert.is(whole.code, 0, whole.stderr);
  assert.is((await lossc(`${tuning} --evaluations 6 --out parts`)).code, 0);
  const rest = await lossc('tune --resume parts --evaluations 24 --json');
  assert.is(rest.code, 0, rest.stderr);
  const { directory: _, file: __, ...found } = JSON.parse(whole.stdout);
  const { directory: ___, file: ____, ...again } = JSON.parse(rest.stdout);
  assert.equal(again, found);

  const other = await lossc('tune --resume parts --param q=0.9');
  assert.match(other.stderr, /--param \["q=0\.9"\] contradicts .* started with --param \["q=0\.5"\]/);
});

resuming('a search is no tuning, and a tuning no search; each says which command tells of it', async () => {
  assert.match((await lossc('tune --resume run')).stderr, /run is the folder of a search, not of a tuning/);
  for (const command of ['pareto', 'lineage', 'evolve --resume'])
    assert.match(
      (await lossc(`${command} parts`)).stderr,
      /^error: parts is the folder of a tuning: it has only one loss[^\n]*\n {2}= hint: lossc show parts and lossc report parts /,
    );
  assert.match(
    (await lossc('show parts')).stdout,
    /tuning of q: \d+ trainings[\s\S]*start +\S+ .*q = 0\.5\nbest /,
  );
});

const BROKEN = "export function createModel() { throw new Error('my model is broken'); }\n";
const BREAKING = `let made = 0;\n${MODEL.replace('=> tf', "=> { if (++made > 4) throw new Error('my model broke'); return tf").replace('] });', '] }); };')}`;

resuming('a model that cannot be made: one error, exit 1, no folder', async () => {
  writeFileSync(join(root, 'bad.mjs'), BROKEN);
  const { code, stdout, stderr } = await lossc(`evolve --model ./bad.mjs --workers 1 --steps 4 --out bad`);
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.is(stderr, 'error: the model module ./bad.mjs failed: my model is broken\n');
  assert.not.ok(existsSync(join(root, 'bad')));
});

resuming(
  'a model that breaks on the way: the run ends early, exit 1, and goes on when it is mended',
  async () => {
    writeFileSync(join(root, 'late.mjs'), BREAKING);
    const setting = SMALL.replace('--hidden 4', '');
    const { code, stderr } = await lossc(
      `evolve --model ./late.mjs ${setting} ${SHORT} --final-seeds 0 --out late`,
    );
    assert.is(code, 1);
    assert.match(
      stderr,
      /error: the last 4 trainings failed in the same way: the model module \.\/late\.mjs failed: my model broke\n/,
    );
    writeFileSync(join(root, 'late.mjs'), MODEL);
    const mended = await lossc('evolve --resume late --model ./late.mjs');
    assert.is(mended.code, 0, mended.stderr);
  },
);

resuming.run();
