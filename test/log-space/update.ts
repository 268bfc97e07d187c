/**
 * Writes not-yet.txt anew and prints, for each kind, how many expressions are right in each target and how far off the others are:
 *
 *     node --import tsx test/log-space/update.ts            # PyTorch has to be there
 *     node --import tsx test/log-space/update.ts --exact    # the exact digits of every point against the corpus instead, in a quarter of an hour
 */
import { pythonWith } from '../helpers/programs.js';
import { corpus, type Expression, LIMIT, type Verdict } from './corpus.js';
import { disagreement } from './exact.js';
import { writeNotYet } from './not-yet.js';
import { TARGETS, type Target, verdicts } from './targets.js';

const expressions = corpus();

if (process.argv.includes('--exact')) {
  for (const expression of expressions) {
    const problem = await disagreement(expression, expression.value.length);
    if (problem !== undefined) console.log(`${expression.name}: ${problem}`);
  }
} else {
  const torch = pythonWith('torch');
  if (torch === undefined) throw new Error('no Python with PyTorch on the PATH');
  const all = new Map<Target, ReadonlyMap<string, Verdict>>();
  for (const target of TARGETS) all.set(target, await verdicts(target, expressions, torch));
  const isRight = ({ name }: Expression, target: Target): boolean => all.get(target)!.get(name)!.off <= LIMIT;
  writeNotYet(
    new Map(
      expressions.map((entry) => [entry.name, new Set(TARGETS.filter((target) => !isRight(entry, target)))]),
    ),
  );
  const kinds = [...new Set(expressions.map(({ kind }) => kind))];
  console.log(row('kind', 'all', ...TARGETS, 'cpu: off by up to 1e-3, 0.1, 2, more'));
  for (const kind of [...kinds, undefined]) {
    const own = expressions.filter((entry) => kind === undefined || entry.kind === kind);
    const right = TARGETS.map((target) => own.filter((entry) => isRight(entry, target)).length);
    console.log(row(kind ?? 'together', own.length, ...right, spread(own, all.get('cpu')!)));
  }
}

/** How many of those that are not right are how far off. */
function spread(own: readonly Expression[], found: ReadonlyMap<string, Verdict>): string {
  const off = own.map(({ name }) => found.get(name)!.off).filter((x) => x > LIMIT);
  const bounds = [1e-3, 0.1, 2, Number.POSITIVE_INFINITY];
  return bounds.map((most, i) => off.filter((x) => x <= most && x > (bounds[i - 1] ?? 0)).length).join(', ');
}

function row(...cells: readonly (string | number)[]): string {
  return cells
    .map((cell) => String(cell).padEnd(12))
    .join('')
    .trimEnd();
}
