/** Proposes a loss for each generation, and thinks forever about the first question that it is asked while the file is not there. */
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [mark] = process.argv.slice(2);
const say = (message) => console.log(JSON.stringify(message));
for await (const line of createInterface({ input: process.stdin })) {
  const { type, id, generation } = JSON.parse(line);
  if (type === 'hello') say({ type, protocol: 1 });
  if (type !== 'propose') continue;
  if (!existsSync(mark)) {
    writeFileSync(mark, String(process.pid));
    await new Promise(() => setInterval(() => {}, 1000));
  }
  say({ type: 'proposals', id, bodies: [`target * tanh(log(prediction) / ${generation})`] });
}
