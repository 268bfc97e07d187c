/** The page stdlib/ACCURACY.md: a row for each standard loss, and every number that is off at everyday inputs with a command. */

import { figure } from '../../compiler/words/sentence.js';
import { REGIONS, type Region } from '../../src/audit/point.js';
import type { NumberReport } from '../../src/audit/report.js';
import { cell, nameOf } from '../../src/commands/audit-text.js';
import { GROUPS, type Group, type Row } from './audit.js';
import type { Form } from './forms.js';

/** What is above is told one by one, and what was below must not come above. */
const LIMIT = 1e-5;
/** Other engines round other last digits: so many times what the page says is the same. */
const ALIKE = 10;

const INTRODUCTION = `# Accuracy in float32

What \`lossc audit std/NAME\` found of each standard loss: the largest relative errors of value and gradient in float32, as TensorFlow.js
computes them on its cpu backend, against exact digits. \`npm run audit:stdlib\` writes this page; \`.ci/run\` audits all of it again and fails
where a loss has become less accurate. [REFERENCE.md](../grammar/REFERENCE.md#accuracy-in-float32) says what is measured.

- *Everyday* inputs are logits within 60, probabilities from 1e-20 to the last number below 1, other numbers 0 or from 1e-6 to 1e3 in size.
  *Anywhere* is 0 or 1e-35 to 1e35 in size, and the edges of domains. There squares and products leave float32 on the way to a result
  that it holds, which is what most large figures in these columns are.
- The error of a value is relative to the value itself, be it as small as it may; that of a derivative to the largest derivative of its
  input. So 1 can mean that 0 stands for 1e-20: the list below the table has the numbers.
- *inputs*: rounding the inputs once moves the exact number as much, so no evaluation of these inputs in float32 can promise more.
  *guard*: a guard decides the number there. *overflow*, *infinite*: float32, or nothing, holds the exact number wherever it was looked at.
  \`-\`: nothing was found that has an exact number.
`;

const shown = ({ name, fromLogits }: Form): string => (fromLogits ? `${name} from logits` : name);

/** The page for these rows. */
export function accuracyPage(rows: readonly Row[]): string {
  const head = ['Loss', ...REGIONS.flatMap((region) => GROUPS.map((group) => `${region}: ${group}`))];
  const body = rows.map((row) => [
    shown(row),
    ...REGIONS.flatMap((region) => GROUPS.map((group) => cellOf(row, region, group))),
  ]);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = [head, head.map(() => '---'), ...body].map(line).join('\n');
  const told = rows.flatMap((row) =>
    row.cells
      .filter(({ region, number }) => region === 'everyday' && (number.worst?.error ?? 0) > LIMIT)
      .map(({ number }) => telling(row, number)),
  );
  return `${INTRODUCTION}\n${table}\n\n## Above 1e-5 at everyday inputs\n\n\`--digits 12\` in place of \`--float32\` shows the exact number.\n\n${told.join('\n')}\n`;
}

function cellOf({ cells }: Row, region: Region, group: Group): string {
  const found = cells.find((one) => one.region === region && one.group === group);
  return found === undefined ? '' : cell(found.number);
}

function telling(row: Row, number: NumberReport): string {
  const { found, exact, entry, guards, command } = number.worst!;
  const where = number.of === 'value' ? '' : `, entry ${entry}`;
  const decided = guards.length === 0 ? '' : `; a guard decides: ${guards.join('; ')}`;
  return `- ${shown(row)}, ${nameOf(number)}${where}: ${figure(found)}, exactly ${figure(exact)}${decided}\n\n  \`\`\`sh\n  ${command}\n  \`\`\`\n`;
}

/** The error that a cell of the table tells of; nothing where none counts. */
function errorIn(text: string): number {
  if (/\((inputs)\)|^$|^-$|overflow|underflow|infinite|unsettled/.test(text)) return 0;
  const figures = Number(/^[\d.e+-]+/.exec(text)?.[0] ?? Number.NaN);
  return Number.isNaN(figures) ? Number.POSITIVE_INFINITY : figures;
}

/** The rows of a page, by the name of the loss. */
export function rowsOf(page: string): ReadonlyMap<string, readonly string[]> {
  const lines = page.split('\n').filter((line) => line.startsWith('| '));
  return new Map(
    lines.slice(2).map((line) => {
      const [name, ...cells] = line
        .slice(1, -1)
        .split('|')
        .map((text) => text.trim());
      return [name!, cells];
    }),
  );
}

/** Where rows are less accurate than a page says, at everyday inputs, in words. */
export function lessAccurate(page: string, rows: readonly Row[]): readonly string[] {
  const known = rowsOf(page);
  return rows.flatMap((row) => {
    const before = known.get(shown(row));
    if (before === undefined) return [`${shown(row)} is not on the page`];
    return GROUPS.flatMap((group, i) => {
      const now = cellOf(row, 'everyday', group);
      const isWorse = errorIn(now) > Math.max(LIMIT, ALIKE * errorIn(before[i]!));
      return isWorse ? [`${shown(row)}, ${group}: ${now}, and the page says ${before[i]}`] : [];
    });
  });
}
