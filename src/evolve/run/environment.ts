/** What a run happens on: for the record, and to refuse a resume that could not be exact. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { TRAINER_REVISION } from '../../runtime/trainer-revision.js';
import { packageVersion } from '../../version.js';
import type { Environment, Machine } from '../model/run-settings.js';
import type { TrainerDescription } from '../training/protocol.js';

export function environmentOf({
  backend,
  tensorflow,
  native,
  identity,
}: Pick<TrainerDescription, 'backend' | 'tensorflow' | 'native' | 'identity'>): Environment {
  const node = process.versions.node.split('.')[0]!;
  return {
    lossc: packageVersion(),
    node,
    tensorflow,
    backend,
    ...(native !== undefined && { native }),
    ...(identity === undefined ? { trainer: TRAINER_REVISION } : { evaluator: identity }),
  };
}

export function machineOf({ device }: TrainerDescription): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    device,
  };
}
