import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCoordinator } from '../../../../src/evolve/executors/queue/coordinator.js';
import { openQueue } from '../../../../src/evolve/executors/queue/open-queue.js';
import type { Handled, QueuedText } from '../../../../src/evolve/executors/queue/transport.js';
import type { TrainingReport } from '../../../../src/evolve/model/evaluator.js';
import { queuesUnderTest } from './transports.js';

/** What holds of a queue whoever works on it: the workers here answer without training. */
const queues = suite('queues');
const tested = await queuesUnderTest();
queues.after(async () => {
  for (const queue of tested) await queue.close();
});

const scoreOf = (text: string): number => text.length / 100;
const report = (score: number): TrainingReport => ({
  end: 'finished',
  score,
  steps: 3,
  curve: [],
  milliseconds: 1,
});
const answer = (worker: string, score: number): string =>
  JSON.stringify({ worker, kind: 'report', report: report(score) });
const answers =
  (worker: string) =>
  async ({ text }: QueuedText): Promise<Handled> => ({
    answer: answer(worker, scoreOf(text)),
    giveBack: false,
  });

/** Begins to work; the result stops. */
async function worker(
  address: string,
  name: string,
  handle: (job: QueuedText) => Promise<Handled> = answers(name),
  slots = 2,
): Promise<() => Promise<void>> {
  const end = await openQueue(address, () => {}).work(name);
  const stop = new AbortController();
  const serving = end.serve({ slots, leaseSeconds: 2, handle, signal: stop.signal });
  return async () => {
    stop.abort();
    await serving;
    await end.close();
  };
}

async function coordinator(address: string, notices: string[] = []) {
  const transport = openQueue(address, (text) => notices.push(text));
  return createCoordinator(await transport.coordinate(), transport.shown, (text) => notices.push(text));
}

const job = (i: number): string => `job ${'x'.repeat(i)}`;
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((done) => setTimeout(done, 50));
};

for (const queue of tested) {
  queues(`${queue.kind}: every job gets its own answer, from whichever worker`, async () => {
    const address = queue.address('each');
    const asks = await coordinator(address);
    const handled: string[] = [];
    const counting = (name: string) => async (given: QueuedText) => {
      handled.push(given.text);
      return answers(name)(given);
    };
    const stops = [await worker(address, 'a', counting('a')), await worker(address, 'b', counting('b'))];
    const jobs = Array.from({ length: 60 }, (_, i) => job(i));
    const got = await Promise.all([...jobs, ...jobs].map((text) => asks.ask(text)));
    assert.equal(
      got.map(({ report: { score } }) => score),
      [...jobs, ...jobs].map(scoreOf),
    );
    assert.is(new Set(handled).size, 60);
    assert.is(handled.length, 60, 'nothing is done twice while nobody is lost');
    for (const stop of stops) await stop();
    await asks.close();
  });

  queues(`${queue.kind}: what one worker gives back another one does`, async () => {
    const address = queue.address('back');
    const asks = await coordinator(address);
    let refused = 0;
    const stopA = new AbortController();
    const end = await openQueue(address, () => {}).work('a');
    const serving = end.serve({
      slots: 1,
      leaseSeconds: 60,
      signal: stopA.signal,
      handle: async () => {
        refused++;
        stopA.abort();
        return { giveBack: true };
      },
    });
    const asked = asks.ask(job(5));
    await serving;
    await end.close();
    assert.is(refused, 1);
    const stop = await worker(address, 'b');
    assert.is((await asked).report.score, scoreOf(job(5)));
    await stop();
    await asks.close();
  });

  queues(`${queue.kind}: a queue that loses everything is filled again`, async () => {
    const address = queue.address('lost');
    const asks = await coordinator(address);
    const asked = [1, 2, 3].map((i) => asks.ask(job(i)));
    await new Promise((done) => setTimeout(done, 300));
    await queue.lose(address);
    const stop = await worker(address, 'a');
    const got = await Promise.all(asked);
    assert.equal(
      got.map((one) => one.report.score),
      [1, 2, 3].map((i) => scoreOf(job(i))),
    );
    await stop();
    await asks.close();
  });

  queues(
    `${queue.kind}: a second answer is compared with the first, and both workers are named`,
    async () => {
      const address = queue.address('twice');
      const notices: string[] = [];
      const asks = await coordinator(address, notices);
      const other = await openQueue(address, () => {}).coordinate();
      const stopA = await worker(address, 'left');
      const { id, report: first } = await asks.ask(job(7));
      await stopA();
      // Equal bits are no news, and times are no part of a result.
      const stopB = await worker(address, 'right');
      await other.offer([{ id, text: job(7) }]);
      await new Promise((done) => setTimeout(done, 1500));
      assert.equal(notices, []);
      await stopB();
      const stopC = await worker(address, 'odd', async () => ({
        answer: answer('odd', 0.5),
        giveBack: false,
      }));
      await other.offer([{ id, text: job(7) }]);
      await until(() => notices.length > 0);
      assert.match(
        notices[0]!,
        /two workers disagree about one training .*: left has 0\.11, odd has 0\.5; the first one counts/,
      );
      await stopC();
      assert.equal((await asks.ask(job(7))).report, first);
      await other.close();
      await asks.close();
    },
  );

  queues(`${queue.kind}: an answer waits for a coordinator that was killed`, async () => {
    const address = queue.address('waits');
    const gone = await openQueue(address, () => {}).coordinate();
    const first = await coordinator(address);
    const { id } = await (async () => {
      const stop = await worker(address, 'a');
      const got = await first.ask(job(9));
      await stop();
      return got;
    })();
    await first.close();
    // No worker is there any more.
    const second = await coordinator(address);
    await new Promise((done) => setTimeout(done, 1000));
    assert.is((await second.ask(job(9))).id, id);
    await second.close();
    await gone.close();
  });

  queues(`${queue.kind}: a failure of before is no answer`, async () => {
    const address = queue.address('failed');
    const lost = JSON.stringify({
      worker: 'a',
      kind: 'report',
      report: { end: 'killed', detail: 'by somebody', score: null, steps: 0, curve: [], milliseconds: 0 },
    });
    const first = await coordinator(address);
    const stopA = await worker(address, 'a', async () => ({ answer: lost, giveBack: false }));
    assert.is((await first.ask(job(4))).report.score, null);
    await stopA();
    await first.close();
    const second = await coordinator(address);
    await new Promise((done) => setTimeout(done, 700));
    const stopB = await worker(address, 'b');
    assert.is((await second.ask(job(4))).report.score, scoreOf(job(4)));
    await stopB();
    await second.close();
  });

  queues(
    `${queue.kind}: what is no answer is told of and ignored; what nobody can do ends the run`,
    async () => {
      const address = queue.address('wrong');
      const notices: string[] = [];
      const asks = await coordinator(address, notices);
      let count = 0;
      const bad = ['no JSON', '{"worker":"a","kind":"report"}', 'x'.repeat(1_000_001)];
      const stop = await worker(address, 'a', async ({ text }) => ({
        answer:
          text === job(2)
            ? (bad[count++] ?? answer('a', 1))
            : JSON.stringify({ worker: 'a', kind: 'invalid', reason: 'so' }),
        giveBack: false,
      }));
      assert.is((await asks.ask(job(2))).report.score, 1);
      assert.is(
        notices.filter((text) => /is not an answer of a worker/.test(text)).length,
        3,
        notices.join('\n'),
      );
      let thrown: unknown;
      await asks.ask(job(1)).catch((error: unknown) => {
        thrown = error;
      });
      assert.match(String(thrown), /the worker a says that its job is wrong: so/);
      await stop();
      await asks.close();
    },
  );

  queues(`${queue.kind}: what is taken back is not done`, async () => {
    const address = queue.address('taken');
    const asks = await coordinator(address);
    void asks.ask(job(3));
    await new Promise((done) => setTimeout(done, 300));
    await asks.close();
    let handled = 0;
    const stop = await worker(address, 'a', async (given) => {
      handled++;
      return answers('a')(given);
    });
    await new Promise((done) => setTimeout(done, 800));
    assert.is(handled, 0);
    await stop();
  });
}

queues.run();
