import { type NumberArray, nested } from '../../compiler/evaluate/bind.js';
import { sayBound } from '../../compiler/guard/bounds.js';
import { unguarded } from '../../compiler/guard/unguarded.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { short } from '../../compiler/raise/short.js';
import { figure } from '../../compiler/words/sentence.js';
import type { Audit, Shown, Worst } from './audit.js';
import type { Standing } from './judge.js';
import { joined, type Region } from './point.js';
import type { Subject } from './subject.js';

/** A number at a point as plain data, with commands that show it. */
export interface ShownReport {
  readonly found: number;
  readonly exact: number;
  /** The relative error. */
  readonly error: number;
  /** How far rounding the inputs once moves the exact number, in the same measure. */
  readonly movement: number;
  readonly standing: Standing;
  /** Which entry of the gradient, or which item of a batch. */
  readonly entry: number;
  readonly inputs: Readonly<Record<string, ParameterValue>>;
  /** The guards that decide the number there, in words. */
  readonly guards: readonly string[];
  readonly command: string;
}

export interface NumberReport {
  readonly of: Worst['of'];
  readonly name?: string;
  /** Of a derivative by a parameter. */
  readonly isParameter: boolean;
  readonly region: Region;
  readonly worst?: ShownReport;
  readonly unavoidable?: ShownReport;
  readonly beyond: readonly ShownReport[];
}

export interface AuditReport extends Pick<Audit, 'loss' | 'fromLogits' | 'compared' | 'stopped'> {
  readonly numbers: readonly NumberReport[];
}

/** What an audit found as plain data; `entry` is how the loss is named on the command line. */
export function reportOf(subject: Subject, { numbers, ...rest }: Audit, entry: string): AuditReport {
  const shown = (one: Shown): ShownReport => plain(subject, one, entry);
  return {
    loss: rest.loss,
    fromLogits: rest.fromLogits,
    numbers: numbers.map(({ of, name, region, worst, unavoidable, beyond }) => ({
      of,
      ...(of === 'gradient' && { name }),
      isParameter: subject.derivedParameters.includes(name),
      region,
      ...(worst && { worst: shown(worst) }),
      ...(unavoidable && { unavoidable: shown(unavoidable) }),
      beyond: beyond.map(shown),
    })),
    compared: rest.compared,
    stopped: rest.stopped,
  };
}

function plain(subject: Subject, one: Shown, entry: string): ShownReport {
  const arrays = joined([one.point], subject.itemShapes, subject.items);
  const inputs = Object.fromEntries([...arrays].map(([name, array]) => [name, nested(array)] as const));
  return {
    found: one.found,
    exact: one.exact,
    error: one.error,
    movement: one.movement,
    standing: one.standing,
    entry: one.entry,
    inputs,
    guards: wordsOf(subject, one),
    command: commandOf(subject, arrays, entry),
  };
}

/** The line of `lossc eval` that shows what float32 gives; with `--digits 20` in place of `--float32`, what is right. */
function commandOf(subject: Subject, arrays: ReadonlyMap<string, NumberArray>, entry: string): string {
  const { logits, parameters } = subject.compiled;
  const given = [...subject.parameters].filter(
    ([name, value]) => parameters.find((one) => one.name === name)?.default !== value,
  );
  return [
    `lossc eval ${entry}`,
    ...(logits.length > 0 ? ['--from-logits'] : []),
    ...[...arrays].map(([name, array]) => `--input '${name}=${JSON.stringify(nested(array))}'`),
    ...given.map(([name, value]) => `--param '${name}=${JSON.stringify(value)}'`),
    '--reduction sum --float32',
  ].join(' ');
}

function wordsOf({ compiled }: Subject, { guards }: Shown): readonly string[] {
  const { graph } = compiled.lowered;
  const strip = unguarded(graph, compiled.guards);
  const leaves = [...compiled.inputs, ...compiled.parameters];
  const names = leaves.map(({ name }) => name);
  const words = guards.map((guard) => {
    const what = guard.op === 'function' ? `the argument of ${guard.of!.op}` : WHAT[guard.op];
    return `${what}, ${short(graph, strip(guard.argument), names)}, is kept ${sayBound(guard, figure)}`;
  });
  return [...new Set(words)];
}

const WHAT = {
  divide: 'a divisor',
  root: 'the argument of a root',
  power: 'the base of a power',
  quotient: 'a quotient',
} as const;
