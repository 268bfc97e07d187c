import type { Command } from 'commander';
import { compileLoss } from '../../compiler/compile.js';
import { BindError } from '../../compiler/evaluate/bind.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { audit } from '../audit/audit.js';
import { effortFor } from '../audit/effort.js';
import { type AuditReport, reportOf } from '../audit/report.js';
import { Subject } from '../audit/subject.js';
import { Exit, UsageError } from '../errors.js';
import { loadedFor } from '../packages.js';
import { createProgress, print, printError, printJson } from '../terminal.js';
import { auditText, nameOf } from './audit-text.js';
import { type Define, positiveNumber } from './command.js';
import {
  chooseLoss,
  entryParts,
  type LossOfProgram,
  namedLoss,
  noneOf,
  openChecked,
  openLoss,
} from './load.js';
import { addOptions, JSON_ROW, PARAMETER_ROW, type Rows } from './option-table.js';
import { LOGITS_ROW, requireLogits } from './shape-options.js';
import { readValues } from './values.js';

interface AuditOptions {
  readonly loss?: string;
  readonly param: readonly string[];
  readonly fromLogits?: boolean;
  readonly limit?: number;
  readonly seed: string;
  readonly seconds: number;
  readonly json?: boolean;
}

const ROWS: Rows<AuditOptions> = {
  loss: { flags: '--loss <name>', says: 'which loss (default: all losses in the file)' },
  ...PARAMETER_ROW,
  ...LOGITS_ROW,
  limit: {
    flags: '--limit <x>',
    says: 'exit with code 1 if a relative error is above this, such as 1e-5',
    read: positiveNumber,
  },
  seed: { flags: '--seed <seed>', says: 'seed of the inputs that are tried', byDefault: '1' },
  seconds: {
    flags: '--seconds <s>',
    says: 'time limit for each loss, in seconds',
    read: positiveNumber,
    byDefault: 10,
  },
  ...JSON_ROW,
};

/** `lossc audit FILE…`: value and gradient in float32 against exact digits, at inputs chosen where trouble lives. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file...>', 'losses to audit: FILE, FILE:NAME or std/NAME')
    .addHelpText('after', '\nExample:\n  lossc audit std/cross_entropy --from-logits --limit 1e-5')
    .action(async (files: string[], options: AuditOptions, _: Command) => {
      const losses = files.flatMap((file) => lossesIn(file, options.loss));
      requireLogits(
        losses.map(({ program, decl }) => compileLoss(program, decl, { fromLogits: true })),
        options.fromLogits,
      );
      const parameters = readValues(options.param, 'param');
      const { openSingle } = await loadedFor('an audit', import('../runtime/single.js'));
      const single = await openSingle();
      const progress = createProgress();
      const reports: AuditReport[] = [];
      try {
        for (const { entry, program, decl } of losses) {
          progress.update(`${decl.name.name}: ${reports.length + 1} of ${losses.length}`);
          const end = performance.now() + 1000 * options.seconds;
          const fromLogits = options.fromLogits ?? false;
          const subject = withUsage(
            () => new Subject(program, decl, { fromLogits, parameters }, single.load),
          );
          const found = await audit(subject, {
            seed: options.seed,
            effort: effortFor(subject),
            hasTime: () => performance.now() < end,
          });
          reports.push(reportOf(subject, found, entry));
        }
      } finally {
        progress.end();
        single.close();
      }
      const limit = options.limit ?? Number.POSITIVE_INFINITY;
      if (options.json) printJson(reports.length === 1 ? reports[0] : reports);
      else print(reports.map((report) => auditText(report, limit)).join('\n\n'));
      const above = reports.flatMap((report) => aboveLimit(report, limit));
      for (const text of above) printError(text);
      if (above.length > 0) throw new Exit(1);
    });
};

interface Entry extends LossOfProgram {
  /** How it is named on the command line. */
  readonly entry: string;
}

function lossesIn(file: string, loss: string | undefined): readonly Entry[] {
  const { path, name } = namedLoss(file, loss);
  if (name !== undefined) return [{ entry: `${path}:${name}`, ...openLoss(path, name) }];
  const program = openChecked(entryParts(file).path);
  const all = lossesOf(program);
  if (all.length === 0) throw noneOf('loss', program);
  if (all.length === 1) return [{ entry: path, program, decl: chooseLoss(program, undefined) }];
  return all.map((decl) => ({ entry: `${path}:${decl.name.name}`, program, decl }));
}

function withUsage<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof BindError) throw new UsageError(error.message);
    throw error;
  }
}

function aboveLimit({ loss, numbers }: AuditReport, limit: number): string[] {
  return numbers.flatMap((number) =>
    number.worst !== undefined && number.worst.error > limit
      ? [`${loss}: ${nameOf(number)} is off by more than ${limit}, ${number.region}`]
      : [],
  );
}
