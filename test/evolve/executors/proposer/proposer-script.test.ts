/** A proposer costs one answer, never the run, whatever it does. */
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../../../src/errors.js';
import { createProposerScript } from '../../../../src/evolve/executors/proposer/proposer-script.js';

const FAULTY = fileURLToPath(new URL('./faulty-proposer.mjs', import.meta.url));
const QUESTION = {
  generation: 1,
  count: 2,
  sketch: 'sketch s(prediction: real) = ?',
  holes: 1,
  operators: ['+'],
  leaves: ['prediction'],
  limits: { nodes: 30, depth: 10 },
  front: [],
  rejected: [],
};
const start = (fault: string, answerSeconds = 60) =>
  createProposerScript(`node ${FAULTY} '${fault}'`, { startSeconds: 60, answerSeconds });

const proposers = suite('proposers');

for (const fault of ['does well', 'chatters'])
  proposers(`one that ${fault} is asked again and again`, async () => {
    const script = start(fault);
    await script.greet();
    for (let i = 0; i < 3; i++)
      assert.equal(await script.ask(QUESTION), { bodies: [['prediction'], ['target']] });
    await script.close();
  });

for (const [fault, problem] of [
  ['dies', /the proposer exited with code 1/],
  ['hangs', /the proposer took more than 1 s/],
  ['sends no message', /the proposer sent something that is not a message: "bodies"/],
  ['mixes up questions', /the proposer answered question 17 instead of 0/],
  ['prints without end', /the proposer keeps printing to standard output/],
] as const)
  proposers(`one that ${fault} costs an answer, and is started again for the next`, async () => {
    const script = start(fault, fault === 'hangs' ? 1 : 60);
    await script.greet();
    for (let i = 0; i < 2; i++) {
      const answer = await script.ask(QUESTION);
      assert.match('problem' in answer ? answer.problem : 'an answer', i === 0 ? problem : /the proposer/);
    }
    await script.close();
  });

proposers('one that answers twice is heard once, and no more after that', async () => {
  const script = start('answers twice');
  await script.greet();
  assert.equal(await script.ask(QUESTION), { bodies: [['prediction']] });
  const next = await script.ask(QUESTION);
  assert.ok('problem' in next || next.bodies[0]![0] === 'prediction');
  await script.close();
});

for (const [fault, words] of [
  ['dies at the start', /exited with code 3: no such model/],
  ['is another', /"protocol"/],
] as const)
  proposers(`one that ${fault} is refused before anything else begins`, async () => {
    const script = start(fault);
    try {
      await script.greet();
      assert.unreachable();
    } catch (thrown) {
      assert.instance(thrown, RunError);
      assert.match((thrown as RunError).message, words);
    } finally {
      await script.close();
    }
  });

proposers.run();
