/** Reports that a browser shows while they grow. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ComparisonSource } from '../../src/report/live/comparison-source.js';
import { serveLive } from '../../src/report/live/serve.js';
import type { ComparisonReport, LossReport } from '../../src/runtime/comparison-report.js';
import { CLI, lossc, scratch } from '../helpers/command-line.js';
import { browserProgram } from '../helpers/programs.js';

const live = suite('live reports');
const CHROMIUM = browserProgram();

const summary = { count: 2, mean: 0.9, standardDeviation: 0.01, low: 0.88, high: 0.92 };
const lossOf = (name: string): LossReport => ({
  ...{ name, learningRate: 0.1, scale: 1, runs: [], stepsTo: [] },
  ...{ test: summary, validation: summary },
  curve: [0, 50].map((step) => ({ step, value: summary })),
});
const reportOf = (...names: readonly string[]): ComparisonReport => ({
  metric: { label: 'accuracy', goal: 'higher', isShare: true },
  ...{ dataset: 'digits', model: 'mlp', split: { seed: '1' }, trainExamples: 200, testExamples: 2000 },
  ...{ steps: 50, batchSize: 100, optimizer: { kind: 'sgd', learningRate: 0.1 }, scale: 'raw' },
  losses: names.map(lossOf),
  interrupted: true,
});

live('a page waits for what is next, and is told when it was the last', async () => {
  const source = new ComparisonSource();
  const server = await serveLive(source);
  try {
    const first = await fetch(server.address);
    const text = await first.text();
    assert.is(first.status, 200);
    assert.match(text, /No training has finished yet/);
    const version = first.headers.get('etag')!;
    assert.match(text, new RegExp(`data-version="${version}"`));
    const next = fetch(`${server.address}next?since=${version}`);
    source.show(reportOf('gce', 'mae'));
    const second = await next;
    assert.is.not(second.headers.get('etag'), version);
    assert.is(second.headers.get('x-finished'), null);
    assert.match(await second.text(), /<code>gce<\/code>/);
    const last = fetch(`${server.address}next?since=${second.headers.get('etag')}`);
    // Until the server has the question.
    await new Promise((resolve) => setTimeout(resolve, 300));
    await server.close();
    const third = await last;
    assert.is(third.headers.get('x-finished'), 'yes');
    assert.match(await third.text(), /<code>mae<\/code>/);
  } finally {
    await server.close();
  }
});

/** What a server answers to a request as it stands. */
async function raw(address: string, request: string): Promise<string> {
  const { hostname, port } = new URL(address);
  const socket = connect(Number(port), hostname);
  socket.end(request);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return text;
}

live('only this machine is answered, under its own names, and only GET', async () => {
  const server = await serveLive(new ComparisonSource());
  try {
    assert.match(server.address, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const { host } = new URL(server.address);
    const ask = (head: string): Promise<string> =>
      raw(server.address, `${head}\r\nConnection: close\r\n\r\n`);
    assert.match(await ask(`GET / HTTP/1.1\r\nHost: ${host}`), /^HTTP\/1\.1 200 /);
    assert.match(await ask(`GET / HTTP/1.1\r\nHost: rebound.example:80`), /^HTTP\/1\.1 403 /);
    assert.match(await ask(`GET // HTTP/1.1\r\nHost: [`), /^HTTP\/1\.1 403 /);
    assert.match(await ask(`POST / HTTP/1.1\r\nHost: ${host}`), /^HTTP\/1\.1 405 /);
    assert.match(await ask(`GET /../../etc/passwd HTTP/1.1\r\nHost: ${host}`), /^HTTP\/1\.1 404 /);
  } finally {
    await server.close();
  }
});

live('mistakes are told in a sentence', async () => {
  const server = await serveLive(new ComparisonSource());
  try {
    const { port } = new URL(server.address);
    const comparing = ['compare', 'std/gce', 'std/mae', '--steps', '1', '--seeds', '2'];
    const taken = await lossc([...comparing, '--serve', port]);
    assert.is(taken.code, 1);
    assert.match(taken.stderr, new RegExp(`^error: port ${port} is in use\n`));
    const beyond = await lossc([...comparing, '--serve', '70000']);
    assert.is(beyond.code, 2);
    assert.match(beyond.stderr, /^error: --serve: there is no port 70000\n/);
  } finally {
    await server.close();
  }
  const folder = scratch();
  const none = await lossc(['report', folder, '--live']);
  assert.is(none.code, 1);
  assert.match(none.stderr, /settings\.json: there is no such file/);
  const both = await lossc(['report', folder, '--live', '--out', 'x.html']);
  assert.is(both.code, 2);
  assert.match(both.stderr, /^error: --out contradicts --live/);
});

/** Starts a command and waits for the address that it prints. */
async function served(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const child = spawn(process.execPath, [...CLI, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said += chunk;
      const found = /the report: (\S+)/.exec(said);
      if (found !== null) resolve(found[1]!);
    };
    child.stdout!.on('data', listen);
    child.stderr!.on('data', listen);
    child.on('close', () => reject(new Error(said)));
  });
  return { child, address };
}

live('a search shows its report while it goes on; lossc report --live shows that of a folder', async () => {
  const sketch = `sketch s(target: onehot[class], prediction: probability[class]) = sum(?, class)
  with operators * log exp leaves target, prediction
`;
  const folder = scratch({ 's.loss': sketch });
  const searching = ['evolve', 's.loss', '--steps', '5', '--train-examples', '200', '--hidden', '8'];
  const more = ['--population', '8', '--generations', '4', '--final-seeds', '2', '--tune-evaluations', '0'];
  const search = await served([...searching, ...more, '--out', 'run', '--workers', '1', '--serve'], folder);
  const ended = once(search.child, 'close');
  // Until it ends the page changes; the last one has the comparison.
  let text = await (await fetch(search.address)).text();
  let pages = 1;
  for (let version = /data-version="([^"]*)"/.exec(text)![1]!; ; ) {
    const answer = await fetch(`${search.address}next?since=${version}`);
    version = answer.headers.get('etag')!;
    if (answer.status === 200) {
      text = await answer.text();
      pages++;
    }
    if (answer.headers.get('x-finished') === 'yes') break;
  }
  await ended;
  assert.ok(pages > 2, `${pages} pages`);
  assert.match(text, /<section id="comparison"/);
  assert.not.match(text, /has not yet been compared/);

  const shown = await served(['report', 'run', '--live'], folder);
  const page = await (await fetch(shown.address)).text();
  assert.match(page, /<section id="lineage"/);
  shown.child.kill('SIGINT');
  const [code] = (await once(shown.child, 'close')) as [number];
  assert.is(code, 0);
});

if (CHROMIUM === undefined) {
  console.log('SKIPPED a live report in a browser: no browser (Debian: chromium)');
  live.skip('a live report in a browser', () => {});
} else {
  live('a browser shows what comes, keeps its place, and says when it is over', async () => {
    const source = new ComparisonSource();
    const server = await serveLive(source);
    const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    try {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      await page.goto(server.address);
      const status = page.locator('#live');
      assert.is(await status.textContent(), 'live');
      await page.getByRole('button', { name: 'Light or dark' }).click();
      const theme = await page.evaluate('document.documentElement.dataset.theme');
      source.show(reportOf('gce', 'mae'));
      await page.getByRole('cell', { name: 'mae' }).waitFor();
      source.show(reportOf('gce', 'mae', 'sce'));
      await page.getByRole('cell', { name: 'sce' }).waitFor();
      assert.is(await page.title(), 'lossc: gce, mae, sce');
      assert.is(await page.evaluate('document.documentElement.dataset.theme'), theme);
      assert.ok((await page.locator('svg polyline').count()) >= 3);
      await server.close();
      await page.getByText('finished', { exact: true }).waitFor();
      assert.equal(errors, []);
    } finally {
      await browser.close();
      await server.close();
    }
  });
}

live.run();
