import { CommanderError } from 'commander';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../src/commands/all.js';
import { CHOICE_WORDS, COMMAND_WORDS, OPTION_WORDS } from '../../src/commands/words.js';
import { UsageError } from '../../src/errors.js';
import { optionDescription } from '../../src/help.js';
import { createProgram } from '../../src/program.js';
import { usageFailure } from '../../src/usage-failure.js';
import { lossc, scratch } from '../helpers/command-line.js';

const usage = suite('wrong calls');

/** A call, and what it says whole. */
const CALLS: readonly (readonly [args: string, said: string])[] = [
  [
    'train std/mse --lr abc',
    '--lr: "abc" is not a positive number\n  = hint: lossc train --help shows its options',
  ],
  [
    'train std/mse --hidden 3,x',
    '--hidden: "x" is not a whole number of at least 1\n  = hint: lossc train --help shows its options',
  ],
  ['train std/mse --learning-rate 3', "unknown option '--learning-rate'\n  = hint: did you mean --lr?"],
  ['train std/mse --learning_rate=3', "unknown option '--learning_rate=3'\n  = hint: did you mean --lr?"],
  ['train std/mse --batch-size 8', "unknown option '--batch-size'\n  = hint: did you mean --batch?"],
  [
    'train std/mse --epochs 8',
    "unknown option '--epochs'\n  = hint: did you mean --steps? training is counted in steps: one epoch is the number of examples divided by --batch",
  ],
  ['train std/mse --stpes 8', "unknown option '--stpes'\n  = hint: did you mean --steps?"],
  [
    'train std/focal --gamma 2',
    "unknown option '--gamma'\n  = hint: parameters of the loss are set with --param gamma=1; lossc train --help shows the options",
  ],
  ['train std/mse --lr', '--lr needs a value\n  = hint: write --lr <x>'],
  [
    'compile std/mse --target torch',
    '--target: there is no "torch"\n  = hint: did you mean pytorch? there are ts, js, latex, keras, pytorch, jax, onnx',
  ],
  [
    'compile std/mse --target tf',
    '--target: there is no "tf"\n  = hint: did you mean keras? there are ts, js, latex, keras, pytorch, jax, onnx',
  ],
  [
    'compile std/mse --target zzz',
    '--target: there is no "zzz"\n  = hint: there are ts, js, latex, keras, pytorch, jax, onnx',
  ],
  ['chek std/mse', "unknown command 'chek'\n  = hint: did you mean check?"],
  ['lint std/mse', "unknown command 'lint'\n  = hint: did you mean check?"],
  [
    'mse.loss',
    "unknown command 'mse.loss'\n  = hint: which command? lossc check mse.loss looks for mistakes in it",
  ],
  [
    'show runs/x abc',
    'id: "abc" is not a whole number of at least 0\n  = hint: lossc show --help shows its options',
  ],
  ['show', "missing required argument 'dir'\n  = hint: lossc show --help shows its options"],
  ['grad std/mse:msee', 'std/mse.loss has no loss "msee"\n  = hint: it has mse'],
  ['eval std/mse:mse --loss mae', 'std/mse:mse and --loss mae name two losses\n  = hint: give one of them'],
];

/** What a call says that commander refuses, or that a command refuses before it does anything. */
async function said(args: readonly string[]): Promise<string> {
  const program = await createProgram(args[0]);
  const command = program.commands.find((one) => one.name() === args[0]) ?? program;
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    const failure = error instanceof CommanderError ? usageFailure(error, command) : (error as UsageError);
    assert.ok(error instanceof CommanderError || error instanceof UsageError, String(error));
    return `${failure.message}\n  = hint: ${failure.hint}`;
  }
  return 'accepted';
}

for (const [args, expected] of CALLS)
  usage(`lossc ${args}`, async () => assert.is(await said(args.split(' ')), expected));

usage('a wrong call is told of on standard error, and exits with 2', async () => {
  const { code, stdout, stderr } = await lossc(['ls']);
  assert.is(code, 2);
  assert.is(stdout, '');
  assert.is(
    stderr,
    "error: unknown command 'ls'\n  = hint: did you mean list, which shows the standard losses?\n",
  );
});

usage('every command answers an unknown option with the help of its own', async () => {
  for (const { name } of COMMANDS) {
    const text = await said([name, '--no-such-option']);
    assert.match(text, /^(unknown option|unknown command) '--no-such-option'\n/);
    assert.match(text, `lossc ${name} --help shows`);
  }
});

const helpOf = async (name: string): Promise<string> => {
  const program = await createProgram(name);
  return program.commands.find((command) => command.name() === name)!.helpInformation();
};

usage('help shows lists as they are given, and no empty ones', async () => {
  for (const { name } of COMMANDS) assert.not.match(await helpOf(name), /\(default: \[/, name);
  const text = (await helpOf('data-curve')).replaceAll(/\s+/g, ' ');
  assert.match(text, '(default: 100,300,1000,3000)');
  assert.match(text, '(default: 0.8,0.9,0.95 for metrics between 0 and 1)');
});

usage('the defaults that help shows are accepted', async () => {
  let tried = 0;
  for (const { name } of COMMANDS) {
    const program = await createProgram(name);
    for (const option of program.commands.find((command) => command.name() === name)!.options) {
      const shown = /\(default: (.*?)\)$/.exec(optionDescription(option))?.[1]?.replaceAll('"', '');
      const isShown = shown !== undefined && option.defaultValue !== undefined;
      if (!isShown || option.parseArg === undefined) continue;
      tried += 1;
      assert.equal(
        option.parseArg(shown, option.defaultValue),
        option.defaultValue,
        `${name} ${option.flags}`,
      );
    }
  }
  assert.ok(tried > 20, String(tried));
});

usage(
  'the words for options and commands are each there once, and none is an option or a command itself',
  async () => {
    const helps = await Promise.all(COMMANDS.map(({ name }) => helpOf(name)));
    const options = new Set(helps.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []));
    for (const [, option] of OPTION_WORDS) assert.ok(options.has(option), option);
    for (const option of Object.keys(CHOICE_WORDS)) assert.ok(options.has(option), option);
    const names = new Set(COMMANDS.map(({ name }) => name));
    const words = COMMAND_WORDS.flatMap(([list]) => list.split(' '));
    assert.is(new Set(words).size, words.length);
    for (const word of words) assert.not.ok(names.has(word), word);
  },
);

usage(
  '--json gives JSON on failure too: of a wrong call, of a file with mistakes, of a file that is missing',
  async () => {
    const folder = scratch({
      'bad.loss': 'loss f(target: real, prediction: real) = cosh(prediction) - target\n',
    });
    const wrong = await lossc(['eval', 'std/mse', '--json', '--lr', '3']);
    assert.is(wrong.code, 2);
    assert.equal(JSON.parse(wrong.stdout), {
      error: { message: "unknown option '--lr'", hint: 'lossc eval --help shows its options' },
    });
    for (const command of ['eval', 'train', 'test']) {
      const { code, stdout } = await lossc([command, 'bad.loss', '--json'], { cwd: folder });
      assert.is(code, 1, command);
      const { error } = JSON.parse(stdout);
      assert.is(error.message, 'bad.loss has a mistake');
      assert.equal(error.diagnostics, [
        {
          file: 'bad.loss',
          code: 'L202',
          severity: 'error',
          message: 'unknown function "cosh"',
          hint: 'write (exp(x) + exp(-x)) / 2',
          start: { line: 1, column: 42 },
          end: { line: 1, column: 46 },
        },
      ]);
    }
    const missing = await lossc(['check', 'none.loss', '--json'], { cwd: folder });
    assert.is(missing.code, 1);
    assert.equal(JSON.parse(missing.stdout), {
      error: { message: 'cannot read none.loss: there is no such file' },
    });
  },
);

usage('explain says what the code of a diagnostic stands for', async () => {
  const { code, stdout } = await lossc(['explain', 'l302']);
  assert.is(code, 0);
  assert.fixture(
    stdout,
    'error[L302]: an axis that remains in the result of a loss\n' +
      '  reduce it: `sum(…, axis)` or `mean(…, axis)`\n' +
      '  See the language reference: grammar/REFERENCE.md#axes\n',
  );
  assert.equal(JSON.parse((await lossc(['explain', 'L211', '--json'])).stdout), {
    code: 'L211',
    severity: 'warning',
    title: 'something that is never used',
    help: 'leave it out, or use it',
    see: 'grammar/REFERENCE.md#roles-and-parameters',
  });
  const refused = await lossc(['explain', 'L302', '--classes', '4']);
  assert.is(refused.code, 2);
  assert.match(refused.stderr, 'L302 is an error code');
  const unknown = await lossc(['explain', 'L999']);
  assert.is(unknown.code, 2);
  assert.match(unknown.stderr, 'there is no error code L999');
});

usage('FILE:NAME names a loss in every command that takes one', async () => {
  const folder = scratch({
    'two.loss':
      'loss a(target: real, prediction: real) = (prediction - target)^2\nloss b(target: real, prediction: real) = abs(prediction - target)\n',
  });
  const values = ['--input', 'target=[0]', '--input', 'prediction=[3]'];
  const evaluated = await lossc(['eval', 'two.loss:b', ...values], { cwd: folder });
  assert.match(evaluated.stdout, 'b = 3');
  const gradient = await lossc(['grad', 'two.loss:a'], { cwd: folder });
  assert.match(gradient.stdout, 'd a / d prediction');
  const explained = await lossc(['explain', 'two.loss:b', '--json'], { cwd: folder });
  assert.not.ok(Array.isArray(JSON.parse(explained.stdout)), explained.stderr);
  const trained = await lossc(
    ['train', 'two.loss:b', '--steps', '2', '--dataset', 'digits', '--json', '--backend', 'cpu'],
    {
      cwd: folder,
    },
  );
  assert.is(JSON.parse(trained.stdout).loss, 'b', trained.stderr);
});

usage('a task file with mistakes is told of in words, with its name', async () => {
  const folder = scratch({
    'task.json': JSON.stringify({
      cases: [{ dataset: 'digits', batchSize: 1.5, optimizer: { kind: 'sdg', learningRate: 0 }, colour: 1 }],
      steps: '100',
      over: 'best',
    }),
    'none.json': '{ cases',
    'empty.json': '{}',
  });
  const run = (file: string): Promise<{ code: number | null; stderr: string }> =>
    lossc(['evolve', '--task', file, '--out', 'run'], { cwd: folder });
  const { code, stderr } = await run('task.json');
  assert.is(code, 1);
  assert.is(
    stderr,
    'error: task.json: the task description is wrong: ' +
      '"cases.0.batchSize" is 1.5 and should be a whole number; ' +
      '"cases.0.optimizer.kind" is "sdg" and should be "sgd" or "momentum" or "adam"; ' +
      '"cases.0.optimizer.learningRate" is 0 and should be more than 0; ' +
      'there is no field "cases.0.colour"; ' +
      '"over" is "best" and should be "mean" or "worst"\n',
  );
  assert.match((await run('none.json')).stderr, /^error: cannot read the task none\.json: it is not JSON: /);
  assert.is(
    (await run('empty.json')).stderr,
    'error: empty.json: the task description is wrong: "cases" is missing\n',
  );
});

usage.run();
