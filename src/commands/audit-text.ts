import { figure } from '../../compiler/words/sentence.js';
import { LOST } from '../audit/judge.js';
import { REGIONS } from '../audit/point.js';
import type { AuditReport, NumberReport, ShownReport } from '../audit/report.js';

/** Errors below are what seven digits leave. */
const WORTH_TELLING = 1e-5;
/** Where the numbers of a region lie, in words. */
const HEADS = { everyday: 'everyday inputs', anywhere: 'anywhere in float32' } as const;

/** What an audit found, for people. */
export function auditText(report: AuditReport, limit: number): string {
  const { loss, fromLogits, numbers, compared, stopped } = report;
  const names = [...new Set(numbers.map(nameOf))];
  const rows = names.map((name) => [
    name,
    ...REGIONS.map((region) => cell(numbers.find((one) => one.region === region && nameOf(one) === name))),
  ]);
  const table = columns([['', ...REGIONS.map((region) => HEADS[region])], ...rows]);
  const told = REGIONS.flatMap((region) =>
    numbers.filter((one) => one.region === region).flatMap((one) => tellings(one, limit)),
  );
  return [
    `${loss}${fromLogits ? ' from logits' : ''}: largest relative errors in float32, compared with exact digits`,
    ...table,
    `${compared.points} inputs were compared with float64, ${compared.exact} numbers with exact digits${
      compared.unsettled === 0 ? '' : `; ${compared.unsettled} have none, or need too many`
    }${stopped ? '. Stopped at the time limit (--seconds)' : ''}`,
    ...told.map((text) => `\n${text}`),
  ].join('\n');
}

export const nameOf = ({ of, name }: NumberReport): string => (of === 'value' ? of : `gradient of ${name}`);

/** The largest error that counts, with a mark where a guard decides; or why there is none. */
export function cell(number: NumberReport | undefined): string {
  if (number?.worst !== undefined)
    return `${errorText(number.worst)}${number.worst.guards.length > 0 ? ' (guard)' : ''}`;
  if (number?.unavoidable !== undefined) return `${errorText(number.unavoidable)} (inputs)`;
  return number?.beyond[0]?.standing ?? '-';
}

const errorText = ({ error, found }: ShownReport): string => {
  if (error === 0) return '0';
  if (!Number.isFinite(found)) return 'not finite';
  return error < LOST ? error.toExponential(1) : 'all of it';
};

function tellings(number: NumberReport, limit: number): string[] {
  const { worst, unavoidable, region } = number;
  const where = `${nameOf(number)}, ${HEADS[region]}`;
  const texts: string[] = [];
  if (worst !== undefined && worst.error > Math.min(limit, WORTH_TELLING)) {
    const guards = worst.guards.map((words) => `\n  decided by a guard: ${words}`).join('');
    texts.push(`${where}: ${numbersText(worst)}${guards}\n  ${worst.command}`);
  }
  if (unavoidable !== undefined && unavoidable.error > Math.max(WORTH_TELLING, worst?.error ?? 0))
    texts.push(
      `${where}: ${numbersText(unavoidable)}\n  rounding the inputs to float32 already changes it by ${unavoidable.movement.toExponential(1)} of its size: no float32 code can do better\n  ${unavoidable.command}`,
    );
  return texts;
}

function numbersText({ found, exact, entry, error }: ShownReport): string {
  const off = error < LOST ? `, off by ${error.toExponential(1)}` : '';
  return `entry ${entry} is ${figure(found)}, and exactly ${figure(exact)}${off}`;
}

/** Cells in columns that line up. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, k) => Math.max(...rows.map((row) => row[k]!.length)));
  return rows.map((row) => `  ${row.map((text, k) => text.padEnd(widths[k]!)).join('  ')}`.trimEnd());
}
