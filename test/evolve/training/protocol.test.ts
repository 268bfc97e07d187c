import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { failedReport } from '../../../src/evolve/model/evaluator.js';
import { readTask } from '../../../src/evolve/model/task.js';
import {
  analyses,
  probes,
  trainingReport,
  workerSetup,
  workerTask,
} from '../../../src/evolve/training/protocol.js';
import type { Schema } from '../../../src/read-json.js';

/** What goes between a search and its workers, whole and spoiled: no field may be missing, more, or of another kind. */
const protocol = suite('worker protocol');

const source = { name: 'a.loss', text: 'loss a(x: real) = x' };
const SETUP = {
  work: { kind: 'train', task: readTask({ cases: [{ dataset: 'digits' }] }) },
  subject: { kind: 'sketch', sources: { source, imports: [] }, name: 'a' },
  repairSign: true,
  backend: 'cpu',
};
const JOB = { genome: ['x'], replicate: 0, seed: 's', steps: 10, gates: [{ step: 1, atLeast: 0.5 }] };
const CURVE = [{ step: 10, score: 0.5, loss: null }];
const ANALYSIS = {
  ...{ genome: ['x'], size: 1, flipped: false, rejections: [{ stage: 'shape', reason: 'flat' }] },
  ...{ canonical: 'c', gradient: 'g', fingerprint: 'f', features: [1, -2], milliseconds: { shape: 0.5 } },
};
const MESSAGES: Readonly<Record<string, readonly [Schema<unknown>, object]>> = {
  setup: [workerSetup, SETUP],
  describe: [workerTask, { kind: 'describe' }],
  analyse: [workerTask, { kind: 'analyse', genomes: [['x']] }],
  train: [workerTask, { kind: 'train', job: { ...JOB, looks: 2, loss: 'l', parameters: { a: [1, 2] } } }],
  analysis: [analyses, [ANALYSIS]],
  probe: [probes, [{ score: 0.5, rejection: 'no', milliseconds: 1 }]],
  trained: [trainingReport, { end: 'finished', score: 0.5, steps: 10, curve: CURVE, milliseconds: 1 }],
  failed: [trainingReport, failedReport('crashed', 'why')],
};

for (const [name, [schema, message]] of Object.entries(MESSAGES)) {
  protocol(`${name}: whole, and with each field missing, unknown or of another kind`, () => {
    assert.equal(v.parse(schema, message), message);
    const [spoiled, wrap] = Array.isArray(message)
      ? [message[0] as object, (one: object) => [one]]
      : [message, (one: object) => one];
    assert.not.ok(v.is(schema, wrap({ ...spoiled, more: 1 })));
    for (const field of Object.keys(spoiled)) {
      assert.not.ok(v.is(schema, wrap({ ...spoiled, [field]: Symbol.iterator })), field);
      const { [field as never]: _, ...rest } = spoiled;
      if (['rejection', 'repairSign', 'backend'].includes(field)) continue;
      assert.not.ok(v.is(schema, wrap(rest)), `without ${field}`);
    }
  });
}

protocol('a training that failed has no score, and one that took place has no detail', () => {
  assert.not.ok(v.is(trainingReport, { ...failedReport('crashed', 'why'), score: 0 }));
  assert.not.ok(v.is(trainingReport, { end: 'finished', score: null, steps: 1, curve: [], milliseconds: 1 }));
});

protocol.run();
