/** The test runner itself, as a process, on small suites. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, scratch } from '../helpers/command-line.js';
import { SLOW } from './slow.js';

interface Expected {
  readonly verdict: 'ok' | 'FAIL' | 'skip';
  /** Passed of those that ran. */
  readonly counts: string;
  readonly says?: RegExp;
}

const FIXTURES: Readonly<Record<string, Expected>> = {
  passes: { verdict: 'ok', counts: '2/2' },
  fails: { verdict: 'FAIL', counts: '1/2', says: /"wrong"/ },
  'some-skipped': { verdict: 'ok', counts: '1/1', says: /SKIPPED two: a program is missing/ },
  'all-skipped': { verdict: 'skip', counts: '0/0', says: /SKIPPED everything: a program is missing/ },
  'skipped-without-reason': {
    verdict: 'FAIL',
    counts: '1/2',
    says: /it skips tests and prints no "SKIPPED"/,
  },
  'needs-a-program': { verdict: 'ok', counts: '2/2', says: /SKIPPED three: a program is missing/ },
  'no-test': { verdict: 'FAIL', counts: '0/1', says: /it ran no test/ },
  'no-run': { verdict: 'FAIL', counts: '0/1', says: /the suite "fixture" is never run/ },
  'one-of-two-run': { verdict: 'FAIL', counts: '1/2', says: /the suite "second" is never run/ },
  'before-throws': { verdict: 'FAIL', counts: '0/1' },
  'ends-badly': { verdict: 'FAIL', counts: '1/2', says: /it ended with exit code 3/ },
  'ends-early': { verdict: 'FAIL', counts: '0/1', says: /it ran no test/ },
};

function runFixtures(names: readonly string[], ...more: readonly string[]) {
  return runFixturesWith({}, names, ...more);
}

function runFixturesWith(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
  ...more: readonly string[]
) {
  const files = names.map((name) => `fixtures/${name}.test.ts`);
  const args = ['--import', 'tsx', 'test/run.ts', '--in', 'test/runner/fixtures', ...more, ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, output: stdout + stderr, lines: stdout.trimEnd().split('\n') };
}

const runner = suite('test runner');
let all: ReturnType<typeof runFixtures>;
runner.before(() => {
  all = runFixtures(Object.keys(FIXTURES));
});

for (const [name, { verdict, counts, says }] of Object.entries(FIXTURES)) {
  runner(`${name}: ${verdict}, ${counts}`, () => {
    // From this file's verdict to the next one, or to the lists at the end.
    const [, report] = all.output.split(`${verdict.padEnd(4)} test/runner/fixtures/${name}.test.ts (`);
    assert.ok(report?.startsWith(`${counts}, `), all.output);
    if (says !== undefined)
      assert.match(report!.split(/\n(?:ok {2}|FAIL|skip) test|\n\nSkipped, /)[0]!, says);
  });
}

runner('every fixture is tested here', () => {
  const files = readdirSync(join(ROOT, 'test/runner/fixtures'));
  assert.equal(
    files.sort(),
    Object.keys(FIXTURES)
      .map((name) => `${name}.test.ts`)
      .sort(),
  );
});

runner('what is skipped is listed with its reason, also where nothing else ran, and is no failure', () => {
  const { status, output, lines } = runFixtures(['passes', 'some-skipped', 'all-skipped']);
  assert.is(status, 0, output);
  assert.match(output, /Skipped.*\n.*all-skipped\.test\.ts: everything: a program is missing\n/);
  assert.is(lines.at(-1), '3 passed, 0 failed, 2 skipped');
});

runner('with a program installed only what was skipped without it runs, and what had failed', () => {
  const folder = scratch();
  const names = ['passes', 'needs-a-program', 'fails'];
  const without = runFixtures(names, '--ran', folder);
  assert.is(without.lines.at(-1), '5 passed, 1 failed, 1 skipped', without.output);
  const { lines, output } = runFixturesWith({ FIXTURE_PROGRAM: 'there' }, names.slice(1), '--done', folder);
  assert.is(lines.at(-1), '1 passed, 1 failed, 0 skipped', output);
  assert.match(output, /ok {3}test\/runner\/fixtures\/needs-a-program\.test\.ts \(1\/1, /);
});

runner('one failing file makes the whole run fail, and the counts add up', () => {
  const { status, output, lines } = runFixtures(['passes', 'fails', 'all-skipped']);
  assert.is(status, 1, output);
  assert.match(output, /Failed:\n {2}test\/runner\/fixtures\/fails\.test\.ts\n/);
  assert.is(lines.at(-1), '3 passed, 1 failed, 1 skipped');
});

runner('--skips lists what was skipped, with the reasons', () => {
  const list = join(scratch(), 'skips.txt');
  const { status } = runFixtures(['passes', 'some-skipped', 'all-skipped'], '--skips', list);
  assert.is(status, 0);
  assert.is(
    readFileSync(list, 'utf8'),
    'test/runner/fixtures/all-skipped.test.ts: everything: a program is missing\n' +
      'test/runner/fixtures/some-skipped.test.ts: two: a program is missing\n',
  );
});

runner('the slow files are there', () => {
  for (const file of SLOW) assert.ok(existsSync(join(ROOT, file)), file);
});

runner('a name that no file has is an error', () => {
  const { status, output } = runFixtures(['there-is-none']);
  assert.is(status, 1);
  assert.match(output, /no test file matches .*there-is-none/);
});

runner.run();
