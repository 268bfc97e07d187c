/**
 * WebGPU under Node, on a GPU or on the software Vulkan driver of Debian's `chromium-common` (with `libvulkan1`). Slow on
 * the latter: everything is small.
 */
import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../src/errors.js';
import { openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { trainModel } from '../../src/runtime/train.js';
import { agreementCases, compareBackends } from '../gpu/agreement.js';
import { assertClose } from '../helpers/close.js';
import { crossEntropy } from '../helpers/losses.js';
import { onPath } from '../helpers/programs.js';

const DEBIAN_SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const softwareDriver = onPath('chromium').length > 0 && existsSync(DEBIAN_SOFTWARE_DRIVER);
if (process.env['VK_ICD_FILENAMES'] === undefined && softwareDriver) {
  process.env['VK_ICD_FILENAMES'] = DEBIAN_SOFTWARE_DRIVER;
}

const webgpu = suite('webgpu');
const opened = await openBackend({ name: 'webgpu', allowSoftware: true }).catch((thrown: RunError) => thrown);

if (opened instanceof Error) {
  console.log(`SKIPPED webgpu: ${opened.message}`);
  webgpu('not there: the error says why and what to install', () => {
    assert.match(opened.message, /^the backend "webgpu" is not available: ./);
    assert.match(opened.hint ?? '', /install/);
  });
  webgpu.skip('agrees with the cpu backend', () => undefined);
} else {
  await tf.setBackend('cpu');
  const cases = agreementCases();

  webgpu(`${opened.device} agrees with the cpu backend in ${cases.length} cases`, async () => {
    assert.ok(cases.length > 100, `${cases.length} cases`);
    for (const entry of cases) assert.is(await compareBackends('webgpu', entry), undefined, entry.name);
  });

  webgpu('trains as the cpu backend does, and leaves nothing behind', async () => {
    const { search: data } = splitDataset(drawDigits({ train: 300, test: 10 }), 1);
    const train = async (backend: string) => {
      await tf.setBackend(backend);
      const before = tf.memory().numTensors;
      const model = createMlp({ ...data, seed: 1 }, [16]);
      const result = await trainModel({
        model,
        loss: crossEntropy(),
        data,
        steps: 120,
        batchSize: 20,
        optimizer: { kind: 'momentum', learningRate: 0.02 },
        seed: 1,
      });
      model.dispose();
      assert.is(tf.memory().numTensors, before);
      return result;
    };
    const [expected, actual] = [await train('cpu'), await train('webgpu')];
    assertClose(
      actual.lossCurve.map(({ value }) => value),
      expected.lossCurve.map(({ value }) => value),
      1e-2,
    );
  });

  webgpu('a software adapter is not chosen unless asked for', async () => {
    if (!/swiftshader|llvmpipe/i.test(opened.device)) return;
    try {
      await openBackend({ name: 'webgpu' });
      assert.unreachable();
    } catch (thrown) {
      assert.instance(thrown, RunError);
      assert.match((thrown as Error).message, /the only adapter is software/);
    }
    const chosen = await openBackend();
    assert.is.not(chosen.name, 'webgpu');
    chosen.release();
  });

  webgpu.after(() => {
    opened.release();
    // Dawn's threads keep the process alive otherwise.
    setTimeout(() => process.exit(process.exitCode), 500).unref();
  });
}
webgpu.run();
