/** What a proposer writes takes part in the search, is told of what was turned away, and is not asked for twice. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { GENOME_CODEC } from '../../../src/evolve/gp/genome.js';
import { searchSpace } from '../../../src/evolve/gp/space.js';
import { spaceContext } from '../../../src/evolve/losses/compiler.js';
import { readSketch } from '../../../src/evolve/losses/subject.js';
import { INITIAL_STATE } from '../../../src/evolve/model/search-state.js';
import { BETTER } from '../../../src/evolve/model/settings.js';
import { recordingProposer } from '../../../src/evolve/run/proposing.js';
import { resumeSearch, runSearch } from '../../../src/evolve/run/run-search.js';
import { createLedger, readLedger } from '../../../src/evolve/store/ledger.js';
import { gone } from '../../helpers/processes.js';
import { tinyRun } from './tiny-run.js';

const PROPOSER = fileURLToPath(new URL('./good-proposer.mjs', import.meta.url));
const THINKER = fileURLToPath(new URL('./thinking-proposer.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'lossc-propose-'));
const proposing = suite('a search with a proposer');
proposing.after(() => rmSync(folder, { recursive: true, force: true }));

interface Asked {
  readonly generation: number;
  readonly count: number;
  readonly sketch: string;
  readonly front: readonly { readonly bodies: readonly string[]; readonly score: number }[];
  readonly rejected: readonly {
    readonly bodies: readonly string[];
    readonly stage: string;
    readonly reason: string;
  }[];
}

const questionsIn = (file: string): Asked[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Asked);

function rowsOf(directory: string) {
  const ledger = readLedger(join(directory, 'ledger.sqlite'));
  const rows = ledger.evaluations().map(({ milliseconds: _, ...row }) => row);
  ledger.close();
  return rows;
}

proposing('proposals are screened and trained, and the questions say what the search knows', async () => {
  const directory = join(folder, 'run');
  const asked = join(folder, 'asked');
  const run = {
    ...tinyRun(directory),
    propose: `node ${PROPOSER} ${asked}`,
    // So that no other candidate is preferred for its place.
    settings: { ...tinyRun(directory).settings, stages: { ...BETTER.stages, neighbours: false } },
    tuning: { losses: 0 },
    finals: { losses: 0 },
  };
  await runSearch({ ...run, budget: { generations: 3 } });
  const proposed = rowsOf(directory).filter(({ operator }) => operator === 'proposed');
  assert.equal(
    proposed.map(({ generation, genome }) => [generation, genome.join()]),
    [
      [1, 'target * tanh(log(prediction) / 3)'],
      [2, 'target * tanh(log(prediction) / 5)'],
    ],
  );
  // It was trained, if not to the end.
  assert.ok(proposed.every(({ scores, steps }) => scores.length > 0 && steps > 0));
  const [first, second] = questionsIn(asked);
  assert.is(first!.generation, 1);
  assert.ok(first!.count > 0 && first!.front.length > 0);
  assert.match(first!.sketch, 'fn half(x) = x / 2');
  assert.match(first!.sketch, 'sketch tiny(');
  assert.equal(
    second!.rejected.slice(0, 2).map(({ bodies, stage }) => [...bodies, stage]),
    [
      ['prediction +', 'reading'],
      ['gamma * prediction', 'reading'],
    ],
  );
  assert.match(second!.rejected[1]!.reason, 'the sketch has no leaf gamma');

  // The same run in two sittings: the second asks for what is new alone.
  const other = join(folder, 'sittings');
  const again = join(folder, 'again');
  await runSearch({ ...run, directory: other, propose: `node ${PROPOSER} ${again}` });
  const before = questionsIn(again).length;
  await resumeSearch({ directory: other, budget: { generations: 3 }, running: { workers: 1 } });
  assert.equal(
    questionsIn(again)
      .slice(before)
      .map(({ generation }) => generation),
    [2],
  );
  assert.equal(rowsOf(other), rowsOf(directory));
});

proposing('generations in flight ask one after the other, in their order', async () => {
  const { sources, name } = tinyRun('').sketch!;
  const subject = readSketch(sources, name);
  const ledger = createLedger(join(folder, 'order.sqlite'), { purpose: 'test' });
  const asked: number[] = [];
  let open = 0;
  const proposer = recordingProposer({
    script: {
      greet: async () => {},
      async ask({ generation }) {
        assert.is(++open, 1);
        asked.push(generation);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open--;
        return { bodies: [[`target * prediction * ${generation}`]] };
      },
      logInto: () => {},
      close: async () => {},
    },
    ...{ ledger, subject, space: searchSpace(subject.sketch, spaceContext(subject)) },
    limits: BETTER.limits,
    onProblem: assert.unreachable,
  });
  const generations = [3, 4, 5];
  const made = await Promise.all(generations.map((one) => proposer.propose(INITIAL_STATE, one, 2)));
  ledger.close();
  assert.equal(asked, generations);
  assert.equal(
    made.map((proposals) => proposals.map((trees) => GENOME_CODEC.print(trees).join())),
    generations.map((one) => [`target * prediction * ${one}`]),
  );
});

proposing(
  'an interrupt does not wait for a proposer that thinks, and the run goes on to the same end',
  async () => {
    const [whole, parts] = [join(folder, 'unhurried'), join(folder, 'hurried')];
    const mark = join(folder, 'thinks');
    const thinker = `node ${THINKER} ${mark}`;
    const run = (directory: string, lag: number) => ({
      ...tinyRun(directory),
      propose: thinker,
      budget: { generations: 3 },
      settings: { ...tinyRun('').settings, lag },
      tuning: { losses: 0 },
      finals: { losses: 0 },
    });
    writeFileSync(mark, 'thinks no more');
    for (const lag of [0, 1]) {
      await runSearch(run(`${whole}-${lag}`, lag));
      rmSync(mark);
      const stop = new AbortController();
      // The mark holds the number of the process while it thinks.
      const look = setInterval(() => {
        if (existsSync(mark)) stop.abort();
      }, 20);
      const outcome = await runSearch({
        ...run(`${parts}-${lag}`, lag),
        running: { workers: 1, signal: stop.signal },
      });
      clearInterval(look);
      assert.is(outcome.stopped, 'interrupted');
      assert.ok(await gone(Number(readFileSync(mark, 'utf8'))), 'it has ended with the run');
      await resumeSearch({ directory: `${parts}-${lag}`, running: { workers: 1 } });
      assert.equal(rowsOf(`${parts}-${lag}`), rowsOf(`${whole}-${lag}`));
    }
  },
);

proposing('a proposer that does not start is told of before the folder is made', async () => {
  const directory = join(folder, 'none');
  try {
    await runSearch({ ...tinyRun(directory), propose: 'exit 4' });
    assert.unreachable();
  } catch (thrown) {
    assert.match(
      (thrown as Error).message,
      'the proposer "exit 4" does not start: the proposer exited with code 4',
    );
  }
  assert.not.ok(existsSync(directory));
});

proposing.run();
