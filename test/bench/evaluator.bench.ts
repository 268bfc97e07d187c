/**
 * What lossc adds to an evaluation by a script: losses of a search by a script that answers at once, one loss again and again, which is compiled
 * once as those are that are compiled ahead, and losses of a search by a script that sleeps for a second. What passes from answer to
 * answer beyond the time that the script itself measures is ours: compiling the loss (while the script is at work), its files, and
 * two lines.
 *
 * `npm run bench:evaluator -- [--out FILE.json]`, one minute. Writes runs/bench-evaluator.json unless told otherwise.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parse } from '../../grammar/read/parse.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { createScriptPool, SCRIPT_LIMITS } from '../../src/evolve/executors/evaluator/script-pool.js';

const { values: options } = parseArgs({
  options: { out: { type: 'string', default: 'runs/bench-evaluator.json' } },
});
const measured: object[] = [];
const SCRIPT = fileURLToPath(new URL('sleeping-script.mjs', import.meta.url));
const BODIES = [
  '-sum(target * log(prediction), class)',
  '-mean(log(prediction) * sqrt(target), class)',
  '-sum(target * log(prediction), class) - 0.5 * sum((1 - target) * log(1 - prediction), class)',
  '-mean(tanh(target * prediction) + prediction ^ 0.7 * target, class)',
  'sum((target - prediction) ^ 2, class) + 0.1 * sum(exp(prediction * target), class)',
];
const COUNT = 30;

const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(share * values.length)]!;

async function measure(milliseconds: number, different = true): Promise<void> {
  const command = `'${process.execPath}' '${SCRIPT}' ${milliseconds}`;
  const pool = createScriptPool({ command, workers: 1, limits: SCRIPT_LIMITS, matched: true });
  const logs = mkdtempSync(join(tmpdir(), 'lossc-bench-'));
  pool.logInto(logs);
  const passed: number[] = [];
  const work: number[] = [];
  await pool.hello();
  let last = performance.now();
  let before = process.cpuUsage();
  const ask = (i: number): Promise<unknown> => {
    const text = `loss mine(target: onehot[class], prediction: probability[class]) = ${1 + (different ? i : 0) / 100} * (${BODIES[different ? i % BODIES.length : 0]})`;
    const loss = parse({ name: 'mine.loss', text }).file.declarations[0] as LossDecl;
    const question = {
      candidate: { loss, library: [] },
      seed: String(i),
      steps: 10,
      gates: [],
      split: 'validation',
    } as const;
    return pool.ask(question, () => {
      const now = performance.now();
      passed.push(now - last);
      const { user, system } = process.cpuUsage(before);
      work.push((user + system) / 1000);
      last = now;
      before = process.cpuUsage();
    });
  };
  await Promise.all(Array.from({ length: milliseconds === 0 ? 10 * COUNT : COUNT }, (_, i) => ask(i)));
  await pool.close();
  const own = readFileSync(join(logs, 'worker-0.log'), 'utf8').trim().split('\n').map(Number);
  rmSync(logs, { recursive: true });
  const over = passed.map((time, i) => time - own[i]!);
  const spread = (values: readonly number[]): string => {
    const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(values, share).toFixed(2));
    return `${middle} ms (${low} to ${high})`;
  };
  measured.push({ milliseconds, different, over, work });
  console.log(
    `a script that takes ${milliseconds} ms, ${different ? 'a new loss each time' : 'one loss'}, ${over.length} evaluations: over ${spread(over)}, processor time of lossc ${spread(work)}`,
  );
}

await measure(0);
await measure(0, false);
await measure(1000);
mkdirSync(dirname(options.out), { recursive: true });
writeFileSync(options.out, `${JSON.stringify({ node: process.version, measured }, null, 1)}\n`);
