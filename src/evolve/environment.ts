/** What a run happens on: for the record, and to refuse a resume that could not be exact. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { invariant } from '../../grammar/invariant.js';
import type { WorkerDescription } from './search-worker.js';
import type { Environment, Machine } from './store/run-settings.js';

/** Version in the package.json above this file: it is one folder further up in the built package. */
export function losscVersion(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    invariant(dirname(folder) !== folder, 'the package has a package.json');
    folder = dirname(folder);
  }
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

export function environmentOf({ backend, tensorflow }: WorkerDescription): Environment {
  return { lossc: losscVersion(), node: process.versions.node.split('.')[0]!, tensorflow, backend };
}

export function machineOf({ device }: WorkerDescription): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    device,
  };
}
