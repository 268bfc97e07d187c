/** Simplifies and differentiates one expression after another with mathjs, in a thread that can be stopped: now and then it does not end. */
import { parentPort } from 'node:worker_threads';
import { derivative, parse, simplify } from 'mathjs';

/** A short expression is measured as often as fits in this many milliseconds, and the best counts. */
const ENOUGH = 50;

function timeOf(text, variable) {
  const parsed = parse(text);
  let [best, total] = [Number.POSITIVE_INFINITY, 0];
  while (total < ENOUGH) {
    const started = performance.now();
    simplify(parsed);
    derivative(parsed, variable);
    const time = performance.now() - started;
    best = Math.min(best, time);
    total += time;
  }
  return best;
}

for (const text of ['t * log(p)', '(t - p)^2 / 2', 'log(1 + exp(-t * p))', 'exp(p) / (t + p)'])
  timeOf(text, 'p');
parentPort.on('message', ({ text, variable }) => {
  try {
    parentPort.postMessage({ time: timeOf(text, variable) });
  } catch (error) {
    parentPort.postMessage({ refused: String(error) });
  }
});
parentPort.postMessage('ready');
