/** Proposes a good loss, another one for each generation, and two that are none; it keeps what it was asked in a file. */
import { appendFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [file] = process.argv.slice(2);
const say = (message) => console.log(JSON.stringify(message));
for await (const line of createInterface({ input: process.stdin })) {
  const { type, id, ...question } = JSON.parse(line);
  if (type === 'hello') say({ type, protocol: 1 });
  if (type !== 'propose') continue;
  appendFileSync(file, `${JSON.stringify(question)}\n`);
  const good = `target * tanh(log(prediction) / ${question.generation === 1 ? 3 : 5})`;
  say({ type: 'proposals', id, bodies: ['prediction +', 'gamma * prediction', good] });
}
