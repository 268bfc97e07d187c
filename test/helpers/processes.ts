/** Whether processes that are not ours to wait for have ended. */
import { readFileSync } from 'node:fs';

const runs = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** Looks for five seconds. */
export async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && runs(pid); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  return !runs(pid);
}
