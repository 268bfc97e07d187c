import { describeBackends, openBackend } from '../runtime/backend.js';
import { findDatasets } from '../runtime/data/load-dataset.js';
import { missingKernels } from '../runtime/missing-kernels.js';
import { MODELS } from '../runtime/models/create-model.js';
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
    says: 'the backend to report on (default: LOSSC_BACKEND, then the fastest)',
  },
  data: { flags: '--data <dir>', says: 'folder of data files (default: LOSSC_DATA)' },
  queue: { ...QUEUE_ROW.queue, says: `look at this queue too: ${QUEUE_ROW.queue.says}` },
  ...JSON_ROW,
};

/** `lossc doctor`: what is there, what is used and why, and what to do about the rest. */
export const define: Define = (command) => {
  addOptions(command, ROWS).action(async (options: DoctorOptions) => {
    const queue = options.queue === undefined ? undefined : await examineQueue(options.queue);
    const asked = options.backend ?? process.env['LOSSC_BACKEND'];
    const backends = await describeBackends();
    const backend = await openBackend({ name: asked });
    const models = Object.keys(MODELS).map((name) => ({ name, missingKernels: missingKernels(name) }));
    const used = {
      name: backend.name,
      device: backend.device,
      why: asked === undefined ? 'the fastest that is there' : 'asked for',
    };
    backend.release();
    const datasets = findDatasets({ folder: options.data ?? process.env['LOSSC_DATA'] });
    const node = { version: process.version, supported: supportedNode(process.versions.node) };
    if (options.json) {
      printJson({
        node,
        platform: `${process.platform} ${process.arch}`,
        used,
        backends,
        models,
        datasets,
        stdlib: stdlibNames().length,
        ...(queue !== undefined && { queue }),
      });
      return;
    }
    print(
      `node      ${node.version} on ${process.platform} ${process.arch}${node.supported ? '' : ' (not supported: use 20.19 or newer, 22 or 24)'}`,
    );
    print(`uses      ${used.name}: ${used.device} (${used.why})`);
    print('\nbackends, in order of preference');
    for (const report of backends) {
      print(`  ${report.found ? 'yes' : 'no '}  ${report.name.padEnd(14)} ${report.detail}`);
      if (!report.found && report.advice !== '') print(`       ${' '.repeat(14)} ${report.advice}`);
    }
    print('\nmodels');
    for (const { name, missingKernels: missing } of models) {
      print(
        `  ${missing.length === 0 ? 'yes' : 'no '}  ${name.padEnd(14)} ${missing.length === 0 ? `trains on ${used.name}` : `${used.name} lacks ${missing.join(', ')}`}`,
      );
    }
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

type ExaminedQueue = Awaited<ReturnType<typeof examineQueue>>;

async function examineQueue(queue: string) {
  const { openQueue } = await import('../evolve/executors/queue/open-queue.js');
  const transport = openQueue(queue, () => {});
  return { queue: transport.shown, ...(await transport.examine()) };
}

function showQueue({ queue, server, problems, roundTrip }: ExaminedQueue): void {
  print(`\nqueue\n  yes  ${queue}: ${server}, there and back in ${roundTrip.toFixed(2)} ms`);
  for (const problem of problems) print(`  no   ${problem}`);
}
