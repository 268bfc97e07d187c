/** `settings.json` of a run: everything that decides its result, and what it ran on. Only its budget is ever changed. */

import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { writeFileSafely } from '../../files.js';
import type { CommonSettings, Environment } from '../model/run-settings.js';

export function writeSettings(directory: string, settings: CommonSettings): void {
  writeFileSafely(join(directory, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** Throws a RunError that names what differs: going on would not give the result of an uninterrupted run. */
export function requireSameEnvironment(stored: Environment, now: Environment): void {
  const names = Object.keys({ ...stored, ...now }) as (keyof Environment)[];
  const different = names.filter((name) => stored[name] !== now[name]);
  if (different.length === 0) return;
  const list = different
    .map((name) => `${name} was ${stored[name] ?? 'not known'} and is ${now[name] ?? 'not known'}`)
    .join('; ');
  throw new RunError(
    `the run cannot be continued exactly: ${list}`,
    'restore what it started with, or start a new run with --seed-from and the losses found',
  );
}
