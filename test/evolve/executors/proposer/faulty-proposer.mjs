/** A proposer that does what it is told to on the command line. */
import { createInterface } from 'node:readline';

const [fault] = process.argv.slice(2);
const say = (message) => console.log(JSON.stringify(message));
if (fault === 'dies at the start') {
  console.error('no such model');
  process.exit(3);
}
for await (const line of createInterface({ input: process.stdin })) {
  const { type, id } = JSON.parse(line);
  if (type === 'hello' && fault === 'is another') say({ type, protocol: 2 });
  else if (type === 'hello') say({ type, protocol: 1 });
  if (type !== 'propose') continue;
  if (fault === 'dies') process.exit(1);
  if (fault === 'hangs') continue;
  if (fault === 'chatters') console.log('thinking aloud');
  if (fault === 'sends no message') say({ type: 'proposals', id, bodies: 'log(prediction)' });
  else if (fault === 'mixes up questions') say({ type: 'proposals', id: '17', bodies: [] });
  else if (fault === 'prints without end') for (let i = 0; i < 100; i++) console.log('x'.repeat(2 ** 19));
  else if (fault === 'answers twice') {
    say({ type: 'proposals', id, bodies: ['prediction'] });
    say({ type: 'proposals', id, bodies: ['target'] });
  } else say({ type: 'proposals', id, bodies: ['prediction', ['target']] });
}
