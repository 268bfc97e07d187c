import { printFile } from '../../grammar/print/print.js';
import type { Entry, TestDecl, Value } from '../../grammar/tree/ast.js';
import { name, num } from '../../grammar/tree/build.js';
import { REASONS } from './comparison.js';
import { EXCUSES, type Excuse } from './excuses.js';
import type { Figures, Finding } from './fuzzer.js';
import type { Found, Numbers } from './oracle/oracle.js';
import { expected, lossOf, type Trial } from './trial.js';

/** A program that shows a fault, as a file with a test of what is right, and how to make it again. */
export function findingText({ program, fault, trial }: Finding, seed: string): string {
  const { logits } = trial.given;
  const notes = [
    `${fault.target}, ${fault.what}: ${fault.detail}`,
    `Made again by --seed ${seed} --program ${program}`,
    `Reduction ${trial.reduction}${trial.weights === undefined ? '' : `, weights [${trial.weights.data.join(', ')}]`}`,
    ...(logits.size > 0 ? [`From logits: ${[...logits].join(', ')}; the inputs are logits`] : []),
  ];
  const comments = notes.flatMap((note) => note.split('\n')).map((line) => `// ${line}\n`);
  const { file } = trial;
  try {
    return comments.join('') + printFile({ declarations: [...file.declarations, testOf(trial)] });
  } catch {
    return comments.join('') + printFile(file);
  }
}

function testOf(trial: Trial): TestDecl {
  const { given, file } = trial;
  // A test compares items, and derivatives of their mean.
  const outcome = expected({ ...trial, reduction: 'mean', weights: undefined }, 'double');
  const set = ([text, numbers]: readonly [string, Numbers]): Entry => ({
    kind: 'set',
    name: { name: text },
    value: written(numbers.shape, [...numbers.data]),
  });
  const expectation = (subject: string, found: Found, of?: string): Entry[] =>
    found.doubt.some((doubt) => doubt !== 0)
      ? []
      : [
          {
            kind: 'expect',
            subject: { name: subject },
            ...(of !== undefined && { of: { name: of } }),
            value: written(found.shape, [...found.data]),
          },
        ];
  return {
    kind: 'test',
    name: lossOf(file).name,
    entries: [
      ...[...given.inputs].map(set),
      ...[...given.parameters].map(set),
      ...expectation('value', outcome.items),
      ...[...outcome.gradients].flatMap(([text, found]) => expectation('gradient', found, text)),
    ],
  };
}

function written([size, ...rest]: readonly number[], data: readonly number[]): Value {
  if (size === undefined) return literal(data[0]!);
  const step = data.length / size;
  return {
    kind: 'list',
    items: Array.from({ length: size }, (_, i) => written(rest, data.slice(i * step, (i + 1) * step))),
  };
}

const literal = (x: number): Value => (Number.isFinite(x) ? num(x) : name(x > 0 ? 'infinity' : '-infinity'));

/** What was tried, a line for each target. */
export function figuresText(
  { programs, refused, tallies, rounding, excused }: Figures,
  seconds: number,
): string {
  const count = [...refused.values()].reduce((a, b) => a + b, 0);
  const codes = [...refused].map(([code, times]) => `${code} ${times}`).join(', ');
  const legal = `${(100 * (1 - count / programs)).toFixed(1)} % legal`;
  const lines = [
    `${programs} programs in ${seconds.toFixed(0)} s (${(programs / seconds).toFixed(0)} a second), ${legal}${codes === '' ? '' : `; refused: ${codes}`}`,
  ];
  for (const [target, { trials, compared, skipped }] of tallies) {
    const reasons = REASONS.filter((reason) => skipped[reason] > 0).map(
      (reason) => `${reason} ${skipped[reason]}`,
    );
    lines.push(
      `${target}: ${trials} trials, ${compared} numbers compared; not compared: ${reasons.join(', ')}`,
    );
  }
  if (rounding > 0) lines.push(`${rounding} differences in float32 were rounding`);
  for (const [excuse, count] of Object.entries(excused))
    if (count > 0) lines.push(`${count} ${EXCUSES[excuse as Excuse]}`);
  return lines.join('\n');
}
