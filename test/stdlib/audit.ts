/** Auditing standard losses: what a row of stdlib/ACCURACY.md says. */

import { lossesOf } from '../../compiler/resolve/program.js';
import { audit } from '../../src/audit/audit.js';
import { effortFor } from '../../src/audit/effort.js';
import { REGIONS, type Region } from '../../src/audit/point.js';
import { type AuditReport, type NumberReport, reportOf } from '../../src/audit/report.js';
import { Subject } from '../../src/audit/subject.js';
import { openSingle } from '../../src/runtime/single.js';
import type { Form } from './forms.js';
import { standardProgram } from './library.js';

/** The numbers of a loss that share a column. */
export const GROUPS = ['value', 'gradient', 'parameters'] as const;
export type Group = (typeof GROUPS)[number];

/** The worst of a group in a region. */
interface Cell {
  readonly region: Region;
  readonly group: Group;
  readonly number: NumberReport;
}

export interface Row extends Form {
  readonly cells: readonly Cell[];
}

export async function auditStandard(forms: readonly Form[], each: (row: Row) => void): Promise<void> {
  const single = await openSingle();
  try {
    for (const form of forms) {
      const { name, fromLogits } = form;
      const program = standardProgram(name);
      const decl = lossesOf(program).find((loss) => loss.name.name === name)!;
      const subject = new Subject(program, decl, { fromLogits, parameters: new Map() }, single.load);
      const effort = { ...effortFor(subject), deep: 0 };
      const found = await audit(subject, { seed: '1', effort, hasTime: () => true });
      each({ ...form, cells: cellsOf(reportOf(subject, found, `std/${name}`)) });
    }
  } finally {
    single.close();
  }
}

function cellsOf({ numbers }: AuditReport): Cell[] {
  const groupOf = ({ of, isParameter }: NumberReport): Group =>
    of === 'value' ? 'value' : isParameter ? 'parameters' : 'gradient';
  return REGIONS.flatMap((region) =>
    GROUPS.flatMap((group) => {
      const own = numbers.filter((number) => number.region === region && groupOf(number) === group);
      if (own.length === 0) return [];
      const errorOf = ({ worst, unavoidable }: NumberReport): number =>
        worst?.error ?? (unavoidable === undefined ? -1 : 0);
      return [{ region, group, number: own.reduce((a, b) => (errorOf(b) > errorOf(a) ? b : a)) }];
    }),
  );
}
