import { lstatSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitTarget } from '../../compiler/emit/targets.js';
import { createProgram } from '../../src/program.js';
import { packageVersion } from '../../src/version.js';
import { lossc as losscProcess, ROOT, scratch } from '../helpers/command-line.js';
import { compiledText } from '../helpers/corpus.js';
import { call } from '../helpers/in-process.js';

const MSE = 'loss mse(target: real, prediction: real) = (prediction - target)^2\n';
const FIVE_MISTAKES = `loss a(target: real, prediction: real) = (prd - target)^2
loss b(target: onehot[class], prediction: probability[class]) = -target * log(prediction)
loss c(target: real, prediction: rael) = prediction - target
loss d(target: real, prediction: real) = sgn(prediction)
loss e(target: real, prediction: real) = if prediction then 1 else 2
`;

/** Without a process of its own, which few of these tests need. */
const lossc = ([name, ...args]: readonly string[], options?: { cwd: string }) => call(name!, args, options);

const files = suite('commands on files');

files('check accepts a good file and says so', async () => {
  const { code, stdout, stderr } = await losscProcess(['check', 'mse.loss'], {
    cwd: scratch({ 'mse.loss': MSE }),
  });
  assert.is(code, 0, stderr);
  assert.is(stdout, '1 file checked: no mistakes\n');
  assert.is(stderr, '');
});

files('check reports every mistake of a file, with place and code, and exits 1', async () => {
  const { code, stderr } = await lossc(['check', 'five.loss'], {
    cwd: scratch({ 'five.loss': FIVE_MISTAKES }),
  });
  assert.is(code, 1);
  assert.is(stderr.match(/^error\[L\d+\]/gm)?.length, 5, stderr);
  assert.match(stderr, 'five.loss:1:43');
  assert.match(stderr, 'unknown name "prd"');
  assert.match(stderr, 'unknown domain "rael"');
});

files('check --json prints JSON and nothing else', async () => {
  const { code, stdout } = await lossc(['check', 'five.loss', '--json'], {
    cwd: scratch({ 'five.loss': FIVE_MISTAKES }),
  });
  assert.is(code, 1);
  const result = JSON.parse(stdout);
  assert.is(result.errors, 5);
  const first = result.diagnostics.find(
    (diagnostic: { severity: string }) => diagnostic.severity === 'error',
  );
  assert.is(first.file, 'five.loss');
  assert.equal(first.start, { line: 1, column: 43 });
});

files('check reads standard input', async () => {
  const { code, stdout } = await losscProcess(['check', '-'], { input: MSE });
  assert.is(code, 0);
  assert.match(stdout, 'no mistakes');
});

files('a missing file, a folder and a file of 100 MB each get one plain sentence', async () => {
  const folder = scratch({ 'big.loss': '' });
  truncateSync(join(folder, 'big.loss'), 100_000_000);
  const missing = await lossc(['check', 'nothing.loss'], { cwd: folder });
  assert.is(missing.code, 1);
  assert.is(missing.stderr, 'error: cannot read nothing.loss: there is no such file\n');
  const directory = await lossc(['grad', '.'], { cwd: folder });
  assert.is(
    directory.stderr,
    'error: cannot read .: it is a folder\n  = hint: give files, such as ./*.loss\n',
  );
  const big = await lossc(['check', 'big.loss'], { cwd: folder });
  assert.is(big.code, 1);
  assert.match(big.stderr, '100 MB');
});

files('an import may not leave the folder by a link, and a cycle is named', async () => {
  const outside = scratch({ 'secret.loss': 'fn f(x) = x\n' });
  const folder = scratch({
    'main.loss': `import { f } from "./link.loss"\n${MSE}`,
    'a.loss': 'import { g } from "./b.loss"\nfn f(x) = x\n',
    'b.loss': 'import { f } from "./a.loss"\nfn g(x) = x\n',
  });
  symlinkSync(join(outside, 'secret.loss'), join(folder, 'link.loss'));
  const link = await lossc(['check', 'main.loss'], { cwd: folder });
  assert.is(link.code, 1);
  assert.match(link.stderr, 'outside the folder');
  const cycle = await lossc(['check', 'a.loss'], { cwd: folder });
  assert.is(cycle.code, 1);
  assert.match(cycle.stderr, 'a.loss -> b.loss -> a.loss');
});

files('fmt of a link formats what it leads to, and the link stays one', async () => {
  const folder = scratch({ 'real.loss': 'loss f(prediction:real)=prediction^2\n' });
  symlinkSync('real.loss', join(folder, 'link.loss'));
  assert.is((await lossc(['fmt', 'link.loss'], { cwd: folder })).code, 0);
  assert.ok(lstatSync(join(folder, 'link.loss')).isSymbolicLink());
  assert.is(readFileSync(join(folder, 'real.loss'), 'utf8'), 'loss f(prediction: real) = prediction^2\n');
});

files('what is no regular file is read like one, and ends', async () => {
  const { code, stderr } = await lossc(['check', '/dev/null']);
  assert.is(code, 1);
  assert.match(stderr, 'there is nothing in this file');
});

files(
  'fmt writes canonical layout, is idempotent, keeps comments and leaves a broken file alone',
  async () => {
    const folder = scratch({
      'x.loss': `// kept\nloss  mse( target:real,prediction : real )=(prediction-target)^2 // why\n`,
      'bad.loss': 'loss (',
    });
    const unformatted = await lossc(['fmt', 'x.loss', '--check'], { cwd: folder });
    assert.is(unformatted.code, 1);
    assert.match(unformatted.stdout, 'would change x.loss');
    assert.is((await lossc(['fmt', 'x.loss'], { cwd: folder })).code, 0);
    const formatted = readFileSync(join(folder, 'x.loss'), 'utf8');
    assert.match(formatted, '// kept');
    assert.match(formatted, '// why');
    assert.is((await lossc(['fmt', 'x.loss', '--check'], { cwd: folder })).code, 0);
    assert.is((await lossc(['fmt', 'bad.loss'], { cwd: folder })).code, 1);
    assert.is(readFileSync(join(folder, 'bad.loss'), 'utf8'), 'loss (');
    assert.equal(readdirSync(folder).sort(), ['bad.loss', 'x.loss']);
  },
);

files('compile writes one module per loss and leaves nothing half-written', async () => {
  const folder = scratch({
    'two.loss': `${MSE}loss mae(target: real, prediction: real) = abs(prediction - target)\n`,
  });
  const { code, stdout, stderr } = await lossc(['compile', 'two.loss', '--out', 'out'], { cwd: folder });
  assert.is(code, 0, stderr);
  assert.equal(readdirSync(join(folder, 'out')).sort(), ['mae.ts', 'mse.ts']);
  assert.match(stdout, 'mse -> out/mse.ts');
  const js = await lossc(['compile', 'two.loss', '--js', '--loss', 'mse', '--out', 'js', '--json'], {
    cwd: folder,
  });
  assert.is(JSON.parse(js.stdout).written.length, 2);
  assert.equal(readdirSync(join(folder, 'js')).sort(), ['mse.d.ts', 'mse.js']);
  const onnx = await losscProcess(
    ['compile', 'two.loss', '--target', 'onnx', '--loss', 'mse', '--out', 'onnx'],
    {
      cwd: folder,
    },
  );
  assert.is(onnx.stdout, 'mse -> onnx/mse.onnx\nmse -> onnx/mse.required.onnx\n', onnx.stderr);
  const [model] = await emitTarget('onnx', compiledText(MSE), {
    version: packageVersion(),
    file: 'two.loss',
  });
  assert.equal(new Uint8Array(readFileSync(join(folder, 'onnx/mse.onnx'))), model!.bytes);
  writeFileSync(join(folder, 'blocked'), '');
  const blocked = await lossc(['compile', 'two.loss', '--out', 'blocked'], { cwd: folder });
  assert.is(blocked.code, 1);
  assert.match(blocked.stderr, 'cannot write');
});

files('compile --out - prints a module that is one text, and writes nothing', async () => {
  const folder = scratch({
    'two.loss': `${MSE}loss mae(target: real, prediction: real) = abs(prediction - target)\n`,
  });
  const printed = await lossc(['compile', 'two.loss:mse', '--target', 'pytorch', '--out', '-'], {
    cwd: folder,
  });
  const [module] = await emitTarget('pytorch', compiledText(MSE), {
    version: packageVersion(),
    file: 'two.loss',
  });
  assert.is(printed.stdout, (module as { readonly text: string }).text);
  const refused = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await lossc(['compile', ...args, '--out', '-'], { cwd: folder });
    assert.is(code, 2);
    return `${stdout}${stderr}`;
  };
  assert.match(await refused('two.loss'), 'here are 2 files: mse.ts, mae.ts');
  assert.match(await refused('std/mse', '--target', 'onnx'), 'here are 2 files: mse.onnx, mse.required.onnx');
  assert.match(await refused('std/mse', '--json'), '--out - prints the module, and --json prints JSON');
  assert.equal(readdirSync(folder), ['two.loss']);
});

files('compile writes nothing unless every file compiles, and no module over another', async () => {
  const folder = scratch({
    'a.loss': MSE,
    'same.loss': MSE,
    'wrong.loss': 'loss wrong(target: real, prediction: real) = taget\n',
  });
  const refused = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await lossc(['compile', ...args, '--out', 'out'], { cwd: folder });
    assert.is.not(code, 0);
    assert.is(stdout, '');
    assert.equal(readdirSync(folder).sort(), ['a.loss', 'same.loss', 'wrong.loss']);
    return { code, stderr };
  };
  const missing = await refused('a.loss', 'missing.loss');
  assert.is(missing.code, 1);
  assert.match(missing.stderr, 'cannot read missing.loss');
  assert.is((await refused('a.loss', 'wrong.loss')).code, 1);
  const twice = await refused('a.loss', 'same.loss');
  assert.match(twice.stderr, 'two losses are called "mse", and both would be out/mse.ts');
});

files('compile --print-passes shows the loss after each pass', async () => {
  const { stderr } = await lossc([
    'compile',
    'std/cross_entropy',
    '--from-logits',
    '--print-passes',
    '--out',
    scratch(),
  ]);
  for (const pass of ['lower', 'logits', 'simplify', 'differentiate', 'stabilise', 'guard'])
    assert.match(stderr, `== ${pass}`);
});

files('wrong usage exits 2 and says what to do', async () => {
  const unknown = await losscProcess(['chek', 'x.loss']);
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, "unknown command 'chek'");
  const several = await lossc(['grad', join(ROOT, 'test/corpus/corpus.loss')]);
  assert.is(several.code, 2);
  assert.match(several.stderr, '--loss NAME');
  const option = await losscProcess(['train', 'std/mse', '--steps', '-3']);
  assert.is(option.code, 2);
  assert.match(option.stderr, '"-3" is not a whole number of at least 1');
});

files('--help works on every command and exits 0', async () => {
  const { code, stdout } = await losscProcess(['--help']);
  assert.is(code, 0);
  const names = [...stdout.matchAll(/^ {2}([a-z-]+)(?: |$)/gm)]
    .map((match) => match[1]!)
    .filter((name) => name !== 'help' && !name.startsWith('-'));
  assert.ok(names.length >= 9, stdout);
  for (const name of names) {
    const program = await createProgram(name);
    const help = program.commands.find((command) => command.name() === name)!.helpInformation();
    assert.match(help, `Usage: lossc ${name}`);
  }
  const check = await losscProcess(['check', '--help']);
  assert.is(check.code, 0);
  assert.match(check.stdout, 'Usage: lossc check');
});

files.run();
