/** What a run happens on: for the record, and to refuse a resume that could not be exact. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { packageVersion } from '../../version.js';
import type { Environment, Machine } from '../model/run-settings.js';
import type { WorkerDescription } from '../training/protocol.js';

export function environmentOf({ backend, tensorflow }: WorkerDescription): Environment {
  return { lossc: packageVersion(), node: process.versions.node.split('.')[0]!, tensorflow, backend };
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
