/**
 * uvu's suites, for the bundles of `test/run.ts`: a file can leave out what has passed before, so that with a program installed only those
 * tests run that were skipped without it.
 *
 *     LOSSC_TESTS_RAN     a folder: the names of the tests that have passed are written there, a file for each test file
 *     LOSSC_TESTS_DONE    such a folder: what is named there is left out
 *     LOSSC_TEST_FILE     the name of this test file
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite as plainSuite, type Test, type uvu } from 'uvu';

export type { Test };

const { LOSSC_TESTS_RAN: ran, LOSSC_TESTS_DONE: done, LOSSC_TEST_FILE: file = '' } = process.env;

// Programs that a test runs, this runner too, are not told.
for (const name of ['LOSSC_TESTS_RAN', 'LOSSC_TESTS_DONE', 'LOSSC_TEST_FILE']) delete process.env[name];

const listIn = (folder: string): string => join(folder, `${file.replaceAll(/[\\/]/g, '.')}.json`);

const before: ReadonlySet<string> =
  done !== undefined && existsSync(listIn(done))
    ? new Set(JSON.parse(readFileSync(listIn(done), 'utf8')) as string[])
    : new Set();
const passed: string[] = [];

if (ran !== undefined)
  process.on('exit', () => {
    mkdirSync(ran, { recursive: true });
    writeFileSync(listIn(ran), JSON.stringify(passed));
  });

/** A suite whose tests of earlier runs are not registered. Tests of one name are told apart by their order. */
export function suite<T>(name?: string, context?: T): Test<T> {
  const own = plainSuite<T>(name, context);
  const counts = new Map<string, number>();
  const register = (title: string, handler: uvu.Callback<T>): void => {
    const count = counts.get(title) ?? 0;
    counts.set(title, count + 1);
    const key = JSON.stringify([name, title, count]);
    if (before.has(key)) return;
    own(title, async (given) => {
      await handler(given);
      passed.push(key);
    });
  };
  return Object.assign(register, {
    only: own.only,
    skip: own.skip,
    run: own.run,
    before: own.before,
    after: own.after,
  }) as Test<T>;
}
