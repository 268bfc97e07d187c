/**
 * A script that speaks the protocol, and breaks it in the way that its first argument names whenever it is asked about a seed that
 * its second argument divides. The value that it gives depends on loss and seed alone, and comes after so many milliseconds.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [fault = 'none', every = '1', mark = '', goal = 'higher', milliseconds = '0'] = process.argv.slice(2);
const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);
const forever = () => new Promise(() => setInterval(() => {}, 1000));
const block = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);

const FAULTS = {
  none: undefined,
  hangs: block,
  dies: () => process.exit(3),
  'is killed': () => process.kill(process.pid, 'SIGKILL'),
  'is killed once': () => {
    if (existsSync(mark)) return;
    writeFileSync(mark, '');
    process.kill(process.pid, 'SIGKILL');
  },
  chatters: () => {
    for (let i = 0; i < 100; i++)
      console.log(`epoch ${i}`, { accuracy: 0.5 }, '{"a": 1}', '[1]', 'null', '7');
    console.log('{"epoch": 3}\n\n7\nnull\n"text"\n[1]');
  },
  'floods its output': async () => {
    const much = `${'x'.repeat(1000)}\n`.repeat(1000);
    for (;;)
      if (!process.stdout.write(much)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  },
  'writes a line without end': async () => {
    for (let i = 0; i < 40; i++) process.stdout.write('x'.repeat(100_000));
    await forever();
  },
  'gives NaN': ({ id }) =>
    process.stdout.write(`{"type":"result","id":"${id}","metrics":{"accuracy":NaN}}\n`),
  'gives text': ({ id }) => say({ type: 'result', id, metrics: { accuracy: '0.9' } }),
  'gives more than 1': ({ id }) => say({ type: 'result', id, metrics: { accuracy: 93 } }),
  'gives another metric': ({ id }) => say({ type: 'result', id, metrics: { f1: 0.9 } }),
  'gives a wrong id': () => say({ type: 'result', id: 'nobody', metrics: { accuracy: 1 } }),
  'sends an unknown message': () => say({ type: 'progress', id: 'x' }),
  'says hello again': () => hello(),
  'says that it diverged': ({ id }) =>
    say({ type: 'error', id, kind: 'diverged', message: 'the loss is NaN' }),
  'says that it failed': ({ id }) =>
    say({ type: 'error', id, kind: 'out-of-memory', message: 'CUDA out of memory' }),
  'fills its folder': async ({ folder }) => {
    for (let i = 0; i < 4; i++) writeFileSync(join(folder, `part-${i}`), Buffer.alloc(2 ** 20));
    await forever();
  },
};
/** What takes the place of the result. */
const INSTEAD = new Set(Object.keys(FAULTS).filter((name) => /^(gives|says that)/.test(name)));

function hello() {
  say({
    type: 'hello',
    protocol: fault === 'speaks another protocol' ? 2 : 1,
    targets: fault === 'takes the files' ? ['pytorch'] : [],
    metric: { name: 'accuracy', goal },
    classes: 10,
    environment: { device: 'none', script: fault === 'changes' && existsSync(mark) ? 'another' : 'one' },
    later: 'what an older lossc does not know',
  });
}

const valueFor = ({ loss: { text }, seed }) =>
  createHash('sha256').update(`${text}/${seed}`).digest().readUInt16BE() / 65_536;

let waiting;
const next = () => new Promise((resolve) => (waiting = resolve));

async function evaluate(message) {
  const { id, seed, reportAt, steps } = message;
  const broken = seed % Number(every) === 0;
  if (broken && fault === 'leaves a grandchild') {
    const child = spawn('sleep', ['600'], { stdio: 'inherit' });
    writeFileSync(mark, String(child.pid));
    process.exit(0);
  }
  if (broken && fault === 'changes') {
    writeFileSync(mark, '');
    process.exit(1);
  }
  if (broken) await FAULTS[fault]?.(message);
  if (broken && INSTEAD.has(fault)) return;
  if (milliseconds !== '0') await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)));
  const value = valueFor(message);
  let made = steps;
  for (const step of reportAt) {
    say({ type: 'report', id, step, value });
    const answer = await next();
    if (answer.type !== 'stop') continue;
    made = step;
    break;
  }
  say({ type: 'result', id, metrics: { accuracy: value, other: 7 }, steps: made });
  if (broken && fault === 'gives two results') say({ type: 'result', id, metrics: { accuracy: 1 } });
}

if (fault === 'dies at once') process.exit(1);
if (fault === 'is silent') await forever();
for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.type === 'hello') hello();
  else if (message.type === 'evaluate') void evaluate(message);
  else waiting?.(message);
}
