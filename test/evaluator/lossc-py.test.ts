import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import { compileLoss } from '../../compiler/compile.js';
import { emitTarget } from '../../compiler/emit/targets.js';
import { lossesOf, programOf } from '../../compiler/resolve/program.js';
import { parse } from '../../grammar/read/parse.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import type { Answered } from '../../src/evolve/executors/evaluator/evaluation.js';
import { createScriptPool, type ScriptPool } from '../../src/evolve/executors/evaluator/script-pool.js';
import { fromScript, type ScriptHello } from '../../src/evolve/model/evaluator-messages.js';
import { packageVersion } from '../../src/version.js';
import { ROOT } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { pythonWith } from '../helpers/programs.js';

/** lossc.py beside scripts that use it well and badly. */
const scripts = suite('lossc.py');
const folder = mkdtempSync(join(tmpdir(), 'lossc-py-'));
scripts.after(() => rmSync(folder, { recursive: true }));

const python = pythonWith('json');
if (python === undefined) console.log('SKIPPED lossc.py: no Python on the PATH');
const test = python === undefined ? scripts.skip : scripts;

const SCRIPT = join(folder, 'misusing.py');
copyFileSync(fileURLToPath(new URL('./misusing.py', import.meta.url)), SCRIPT);
copyFileSync(join(ROOT, 'src/evaluator/lossc.py'), join(folder, 'lossc.py'));

const LOSS = parse({ name: 'mine.loss', text: 'loss mine(x: real) = x' }).file.declarations[0] as LossDecl;

async function withPool<T>(what: string, use: (pool: ScriptPool) => Promise<T>): Promise<T> {
  const limits = { startSeconds: 60, evaluationSeconds: 60, folderMiB: 10 };
  const command = `WHAT='${what}' '${python}' '${SCRIPT}'`;
  const pool = createScriptPool({ command, workers: 1, limits, matched: false });
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}
const ask = (pool: ScriptPool, seed: string): Promise<Answered> =>
  pool.ask({ candidate: { loss: LOSS, library: [] }, seed, steps: 3, gates: [], split: 'validation' });

const CASES: Readonly<
  Record<string, { readonly end: string; readonly score: number | null; readonly says?: RegExp }>
> = {
  fine: { end: 'finished', score: 0.5 },
  twice: { end: 'finished', score: 0.25 },
  nan: { end: 'not-finite', score: 0 },
  'reports nan': { end: 'not-finite', score: 0 },
  forgets: { end: 'crashed', score: null, says: /continued without a result/ },
  raises: { end: 'crashed', score: null, says: /ValueError: no such layer/ },
  fills: { end: 'out-of-memory', score: null, says: /CUDA out of memory/ },
};

for (const [what, { end, score, says }] of Object.entries(CASES)) {
  test(`a script that is ${what}: the next question is answered too, and nothing that is printed is a message`, async () => {
    const answers = await withPool(what, async (pool) => {
      const found = [await ask(pool, 'a'), await ask(pool, 'b')];
      pool.logInto(join(folder, what));
      return found;
    });
    for (const { report } of answers) {
      assert.equal([report.end, report.score], [end, score]);
      if (says !== undefined) assert.match(report.score === null ? report.detail : '', says);
    }
    const log = readFileSync(join(folder, what, 'worker-0.log'), 'utf8');
    assert.match(log, 'to the log: loss mine(x: real) =');
    assert.match(log, 'from another program');
  });
}

test('a script is given an ONNX model, and the one with every input required beside it', async () => {
  const own = join(folder, 'onnx.py');
  const kept = join(folder, 'kept.onnx');
  writeFileSync(
    own,
    `import lossc, os, shutil
for job in lossc.jobs(classes=10, targets=['onnx']):
    path = job.file('onnx')
    shutil.copy(path, '${kept}')
    try:
        job.loss('onnx')
    except ValueError as refused:
        assert "job.file('onnx')" in str(refused)
        job.result(0.5 if os.path.exists(path.replace('.onnx', '.required.onnx')) else 0)
`,
  );
  const limits = { startSeconds: 60, evaluationSeconds: 60, folderMiB: 10 };
  const pool = createScriptPool({ command: `'${python}' '${own}'`, workers: 1, limits, matched: false });
  const { report } = await ask(pool, 'a');
  await pool.close();
  assert.equal([report.end, report.score], ['finished', 0.5]);
  const program = programOf([{ ...LOSS, name: { name: 'candidate' } }]);
  const [model] = await emitTarget(
    'onnx',
    compileLoss(program, lossesOf(program)[0]!, { fromLogits: true }),
    {
      version: packageVersion(),
      file: 'mine.loss',
    },
  );
  assert.equal(new Uint8Array(readFileSync(kept)), model!.bytes);
});

test('the environment has a hash of the script and of what it imports from beside it', async () => {
  const hello = (): Promise<ScriptHello> => withPool('fine', (pool) => pool.hello());
  const before = (await hello()).environment;
  assert.equal((await hello()).environment, before);
  const text = readFileSync(join(folder, 'lossc.py'), 'utf8');
  writeFileSync(join(folder, 'lossc.py'), `${text}# changed\n`);
  assert.is.not((await hello()).environment['script'], before['script']);
  writeFileSync(join(folder, 'lossc.py'), text);
  assert.is(before['commit'], 'a');
});

test('one question in a folder: params.json in, metrics.json out, with the same messages', () => {
  const run = (message: object): unknown => {
    const own = mkdtempSync(join(folder, 'once-'));
    writeFileSync(join(own, 'params.json'), JSON.stringify(message));
    const { status, stderr } = spawnSync(python!, [SCRIPT], {
      encoding: 'utf8',
      env: { ...process.env, LOSSC_FOLDER: own, WHAT: 'fine' },
    });
    assert.is(status, 0, stderr);
    return JSON.parse(readFileSync(join(own, 'metrics.json'), 'utf8'));
  };
  const hello = run({ type: 'hello', protocol: 1, lossc: '0.0.0', worker: 0 });
  assert.is(v.parse(fromScript, hello).type, 'hello');
  const loss = { name: 'l', text: 'loss l(x: real) = x', scale: 1, function: 'l', files: {} };
  const question = { type: 'evaluate', id: '1', key: 'k', loss, seed: 1, steps: 3, learningRate: null };
  assert.equal(run({ ...question, split: 'validation', reportAt: [], folder }), {
    ...{ type: 'result', id: '1', metrics: { accuracy: 0.5, loss: 3 } },
  });
});

test('a newer protocol is refused in a sentence', () => {
  const { status, stderr } = spawnSync(python!, [SCRIPT], {
    input: '{"type":"hello","protocol":9,"lossc":"9.0.0","worker":0}\n',
    encoding: 'utf8',
    env: { ...process.env, WHAT: 'fine' },
  });
  assert.is(status, 1);
  assert.match(stderr, /lossc.py implements version 1 of the protocol and lossc 9.0.0 version 9/);
});

scripts('lossc init evaluator pytorch writes it, and never over what is there', async () => {
  const own = join(folder, 'started');
  const first = await call('init', ['evaluator', 'pytorch', '--out', own]);
  assert.is(first.code, 0, first.stderr);
  assert.is(
    readFileSync(join(own, 'lossc.py'), 'utf8'),
    readFileSync(join(ROOT, 'src/evaluator/lossc.py'), 'utf8'),
  );
  assert.ok(existsSync(join(own, 'train.py')));
  const second = await call('init', ['evaluator', 'pytorch', '--out', own]);
  assert.is(second.code, 2);
  assert.match(second.stderr, /already exists/);
  const other = await call('init', ['evaluator', 'cobol', '--out', join(folder, 'other')]);
  assert.match(other.stderr, /no template "evaluator cobol"/);
});

scripts.run();
