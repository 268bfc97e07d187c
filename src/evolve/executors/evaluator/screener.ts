/** Screening beside a script: by our own workers, with what the script says of its losses. */
import { classification } from '../../../runtime/tasks/learning.js';
import type { ScriptHello } from '../../model/evaluator-messages.js';
import type { WorkerSetup } from '../../training/protocol.js';
import type { Screener } from '../executor.js';
import type { PoolOptions } from '../pool/pool.js';
import { createPoolExecutor, type PoolExecutor } from '../pool-executor.js';

export interface ScreenerOptions {
  readonly subject: WorkerSetup['subject'];
  readonly repairSign: boolean;
  readonly scale: 'matched' | 'raw';
  readonly limits: Omit<PoolOptions, 'module' | 'setup' | 'workers'>;
  readonly workers: number;
}

/** Starts its workers when there is something to screen. */
export function scriptScreener(
  { subject, repairSign, scale, limits, workers }: ScreenerOptions,
  hello: () => Promise<ScriptHello>,
): Screener {
  let screening: Promise<PoolExecutor> | undefined;
  const pool = (): Promise<PoolExecutor> => {
    screening ??= hello().then(({ classes }) => {
      const work: WorkerSetup['work'] = {
        kind: 'screen',
        ...(classes !== undefined && { learning: classification(classes) }),
        // Without classes nothing says how a loss could be scaled.
        scaleMatters: scale === 'raw' || classes === undefined,
      };
      return createPoolExecutor({ work, subject, repairSign }, { ...limits, workers });
    });
    return screening;
  };
  return {
    analyse: async (genomes) => (await pool()).analyse(genomes),
    probe: async (genomes) => (await pool()).probe(genomes),
    close: async () => screening?.then((open) => open.close()).catch(() => {}),
  };
}
