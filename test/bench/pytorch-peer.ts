import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { pythonWith } from '../helpers/programs.js';

/** PyTorch in a process of its own, which makes steps when it is asked and is silent otherwise. */
export interface PyTorch {
  /** With what makes its products. */
  readonly version: string;
  /** Milliseconds a step, of the mean of so many. */
  time(network: 'mlp' | 'glo-mnist', times: number): Promise<number>;
  close(): void;
}

/** PyTorch on one thread, if a Python on the PATH has it. */
export async function startPyTorch(): Promise<PyTorch | undefined> {
  const python = pythonWith('torch');
  if (python === undefined) return undefined;
  const script = fileURLToPath(new URL('pytorch-steps.py', import.meta.url));
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('PyTorch ended');
    return value;
  };
  return {
    version: await answer(),
    async time(network, times) {
      child.stdin.write(`${network} ${times}\n`);
      return Number(await answer());
    },
    close: () => child.stdin.end(),
  };
}
