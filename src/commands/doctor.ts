import { RunError } from '../errors.js';
import { loadedFor } from '../packages.js';
import type { BackendReport } from '../runtime/backend.js';
import { findDatasets } from '../runtime/data/load-dataset.js';
import { MODEL_NAMES } from '../runtime/models/known-models.js';
import { stdlibNames } from '../stdlib.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, JSON_ROW, type Rows } from './option-table.js';
import { QUEUE_ROW, type QueueOptions } from './queue-options.js';

interface DoctorOptions extends QueueOptions {
  readonly backend?: string;
  readonly data?: string;
  readonly json?: boolean;
}

const ROWS: Rows<DoctorOptions> = {
  backend: {
    flags: '--backend <name>',
    says: 'the backend to check (default: LOSSC_BACKEND, then the fastest)',
  },
  data: { flags: '--data <dir>', says: 'folder with data files (default: LOSSC_DATA)' },
  queue: { ...QUEUE_ROW.queue, says: `check this queue as well: ${QUEUE_ROW.queue.says}` },
  ...JSON_ROW,
};

/** `lossc doctor`: what is there, what is used and why, and what to do about the rest. */
export const define: Define = (command) => {
  addOptions(command, ROWS).action(async (options: DoctorOptions) => {
    const queue = options.queue === undefined ? undefined : await examineQueue(options.queue);
    const computing = await examineComputing(options.backend ?? process.env['LOSSC_BACKEND']);
    const datasets = findDatasets({ folder: options.data ?? process.env['LOSSC_DATA'] });
    const node = { version: process.version, supported: supportedNode(process.versions.node) };
    if (options.json) {
      printJson({
        node,
        platform: `${process.platform} ${process.arch}`,
        ...computing,
        datasets,
        stdlib: stdlibNames().length,
        ...(queue !== undefined && { queue }),
      });
      return;
    }
    print(
      `node      ${node.version} on ${process.platform} ${process.arch}${node.supported ? '' : ' (not supported: use 20.19 or newer, 22 or 24)'}`,
    );
    showComputing(computing);
    print('\ndata sets');
    for (const { name, folder } of datasets) {
      print(
        `  ${folder === undefined ? 'no ' : 'yes'}  ${name.padEnd(14)} ${folder ?? `give --data DIR, or run: lossc data fetch ${name}`}`,
      );
    }
    if (queue !== undefined) showQueue(queue);
    print(`\nstandard losses: ${stdlibNames().length} files, used as std/NAME`);
  });
};

function supportedNode(version: string): boolean {
  const [major, minor] = version.split('.').map(Number) as [number, number];
  return major > 20 || (major === 20 && minor >= 19);
}

/** What trainings would be computed on. */
interface Computing {
  /** Undefined where nothing can train. */
  readonly used?: { readonly name: string; readonly device: string; readonly why: string };
  /** Why nothing can. */
  readonly missing?: { readonly message: string; readonly hint: string | undefined };
  readonly backends: readonly BackendReport[];
  readonly models: readonly { readonly name: string; readonly missingKernels: readonly string[] }[];
}

async function examineComputing(asked: string | undefined): Promise<Computing> {
  const loading = Promise.all([import('../runtime/backend.js'), import('../runtime/missing-kernels.js')]);
  try {
    const [{ describeBackends, openBackend }, { missingKernels }] = await loadedFor('training', loading);
    const backends = await describeBackends();
    const backend = await openBackend({ name: asked });
    const models = MODEL_NAMES.map((name) => ({ name, missingKernels: missingKernels(name) }));
    const why = asked === undefined ? 'the fastest available' : 'asked for';
    backend.release();
    return { used: { name: backend.name, device: backend.device, why }, backends, models };
  } catch (thrown) {
    const told = asked === undefined && thrown instanceof RunError ? thrown : undefined;
    if (told === undefined) throw thrown;
    return { missing: { message: told.message, hint: told.hint }, backends: [], models: [] };
  }
}

function showComputing({ used, missing, backends, models }: Computing): void {
  if (used === undefined) {
    print(`uses      nothing: ${missing?.message}`);
    if (missing?.hint !== undefined) print(`          ${missing.hint}`);
    return;
  }
  print(`uses      ${used.name}: ${used.device} (${used.why})`);
  print('\nbackends, in order of preference');
  for (const report of backends) {
    print(`  ${report.found ? 'yes' : 'no '}  ${report.name.padEnd(14)} ${report.detail}`);
    if (!report.found && report.advice !== '') print(`       ${' '.repeat(14)} ${report.advice}`);
  }
  print('\nmodels');
  for (const { name, missingKernels: lacking } of models) {
    const says = lacking.length === 0 ? `trains on ${used.name}` : `${used.name} lacks ${lacking.join(', ')}`;
    print(`  ${lacking.length === 0 ? 'yes' : 'no '}  ${name.padEnd(14)} ${says}`);
  }
}

type ExaminedQueue = Awaited<ReturnType<typeof examineQueue>>;

async function examineQueue(queue: string) {
  const { openQueue } = await import('../evolve/executors/queue/open-queue.js');
  const transport = openQueue(queue, () => {});
  return { queue: transport.shown, ...(await transport.examine()) };
}

function showQueue({ queue, server, problems, roundTrip }: ExaminedQueue): void {
  print(`\nqueue\n  yes  ${queue}: ${server}, round trip ${roundTrip.toFixed(2)} ms`);
  for (const problem of problems) print(`  no   ${problem}`);
}
