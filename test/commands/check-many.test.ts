import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CODES } from '../../grammar/diagnostics/codes.js';
import { CLI, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** Many files at once, what other programs read, and looking again when a file changes. */
const many = suite('checking many files');

const GOOD = 'loss a(target: real, prediction: real) = (prediction - target)^2\n';
const BAD = 'loss b(target: real, prediction: rael) = prediction - target\n';

function tree(): string {
  const cwd = scratch({ 'a.loss': GOOD, 'notes.txt': 'no loss' });
  for (const folder of ['sub', 'sub/deep', 'node_modules', 'empty']) mkdirSync(join(cwd, folder));
  writeFileSync(join(cwd, 'sub/b, 1.loss'), BAD);
  writeFileSync(join(cwd, 'sub/deep/c.loss'), GOOD);
  writeFileSync(join(cwd, 'node_modules/d.loss'), BAD);
  return cwd;
}

many('a folder stands for all .loss files in it and below', async () => {
  const { code, stdout } = await call('check', ['.'], { cwd: tree() });
  assert.is(code, 1);
  assert.is(stdout, '3 files checked: 1 error\n');
});

many('a pattern that the shell left is filled in, and no file comes twice', async () => {
  const cwd = tree();
  assert.is((await call('check', ['*.loss', 'a.loss'], { cwd })).stdout, '1 file checked: no mistakes\n');
  assert.is((await call('check', ['sub/**/c*.loss'], { cwd })).stdout, '1 file checked: no mistakes\n');
  assert.is((await call('fmt', ['--check', 'sub'], { cwd })).code, 0);
});

for (const [given, message] of [
  ['empty', 'there is no .loss file in empty'],
  ['x*.loss', 'no file matches x*.loss'],
] as const)
  many(`${given}: nothing to check is a mistake`, async () => {
    const { code, stderr } = await call('check', [given], { cwd: tree() });
    assert.is(code, 2);
    assert.match(stderr, message);
  });

many('GitHub gets a line for each mistake, escaped as it wants it', async () => {
  const { code, stdout } = await call('check', ['--format', 'github', 'sub'], { cwd: tree() });
  assert.is(code, 1);
  assert.equal(stdout.split('\n'), [
    '::error file=sub/b%2C 1.loss,line=1,endLine=1,col=34,endColumn=38,title=L209::unknown domain "rael"%0Adid you mean "real"?',
    '2 files checked: 1 error',
    '',
  ]);
});

many('SARIF has a rule for every code, and a result with its place', async () => {
  const { stdout } = await call('check', ['--format', 'sarif', 'sub'], { cwd: tree() });
  const log = JSON.parse(stdout);
  assert.is(log.version, '2.1.0');
  const [run] = log.runs;
  const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
  assert.is(new Set(ids).size, ids.length);
  assert.is(ids.length, Object.keys(CODES).length);
  assert.is(run.results.length, 1);
  assert.equal(run.results[0].locations[0].physicalLocation, {
    artifactLocation: { uri: 'sub/b,%201.loss' },
    region: { startLine: 1, startColumn: 34, endLine: 1, endColumn: 38 },
  });
  assert.ok(ids.includes(run.results[0].ruleId));
  assert.is(run.results[0].level, 'error');
});

for (const name of ['check', 'test'])
  many(`${name} --watch looks again when what a file imports changes`, async () => {
    const cwd = scratch({
      'a.loss': `import { g } from "./g.loss"
loss a(target: real, prediction: real) = g(prediction - target)
test a { target = [0], prediction = [2], value ~ 4 }
`,
      'g.loss': 'fn g(x) = x^2\n',
    });
    const child = spawn(process.execPath, [...CLI, name, '--watch', 'a.loss'], { cwd, stdio: 'pipe' });
    let text = '';
    const told = async (what: RegExp): Promise<void> => {
      for (let tries = 0; !what.test(text); tries++) {
        if (child.exitCode !== null || tries > 3000) {
          child.kill();
          throw new Error(`it does not tell ${what}: ${text}`);
        }
        await new Promise((done) => setTimeout(done, 20));
      }
      text = '';
    };
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
    await told(/no mistakes|1 passed|[1-9] passed, 0 failed/);
    writeFileSync(join(cwd, 'g.loss'), 'fn g(x) = x^^2\n');
    await told(/L100/);
    writeFileSync(join(cwd, 'g.loss'), 'fn g(x) = x^2\n');
    await told(/no mistakes|passed, 0 failed/);
    const ended = new Promise<NodeJS.Signals | null>((done) =>
      child.on('close', (_, signal) => done(signal)),
    );
    child.kill('SIGINT');
    assert.is(await ended, 'SIGINT');
  });

many.run();
