/** A script that speaks the protocol, takes files for PyTorch, sleeps, and tells its log how many milliseconds each evaluation was. */
import { createInterface } from 'node:readline';

const [milliseconds] = process.argv.slice(2).map(Number);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const began = performance.now();
  const message = JSON.parse(line);
  if (message.type === 'hello')
    say({
      type: 'hello',
      protocol: 1,
      targets: ['pytorch'],
      metric: { name: 'accuracy', goal: 'higher' },
      classes: 10,
      environment: { device: 'none' },
    });
  else if (message.type === 'evaluate') {
    if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
    process.stderr.write(`${performance.now() - began}\n`);
    say({ type: 'result', id: message.id, metrics: { accuracy: 0.5 }, steps: message.steps });
  }
}
