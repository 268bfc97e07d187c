/** The public API as somebody uses it who has no TypeScript: wrong use says what was expected. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as lossc from '../src/index.js';

const text =
  'loss mine(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)';
const program = lossc.loadProgram({ name: 'mine.loss', text });
const empty = lossc.loadProgram({ name: 'empty.loss', text: 'fn f(x) = x' });
const broken = lossc.loadProgram({ name: 'broken.loss', text: 'loss mine(target' });
const [declaration] = lossc.lossesOf(program);
const compiled = lossc.compileLoss(program, declaration!);
const inputs = new Map([
  ['target', lossc.arrayOf([0])],
  ['prediction', lossc.arrayOf([[0.25, 0.75]])],
]);
const origin = { version: '1.0.0', file: 'mine.loss' };

/** As it is called where no compiler looks. */
const api = lossc as unknown as {
  readonly [K in keyof typeof lossc]: (...args: readonly unknown[]) => unknown;
};

/** Wrong calls of every function, and what they are answered. */
const WRONG: Readonly<Record<string, readonly (readonly [call: () => unknown, message: string])[]>> = {
  loadProgram: [
    [
      () => api.loadProgram(text),
      `loadProgram: source must be { name, text }, not the text "${text.slice(0, 40)}…": write { name: "my.loss", text } for a string, readLossFile(path) for a file`,
    ],
    [() => api.loadProgram(), 'loadProgram: source must be { name, text }, not undefined'],
    [() => api.loadProgram({ text }), 'loadProgram: source must be { name, text }, not an object with text'],
    [
      () => api.loadProgram({ name: 'a', text }, '.'),
      'loadProgram: resolve must be a function, not the text ".": importResolver(path) makes one',
    ],
  ],
  compileLoss: [
    [
      () => api.compileLoss(program, undefined),
      'compileLoss: declaration must be the declaration of a loss, not undefined: lossesOf(program) has those of a program',
    ],
    [
      () => api.compileLoss(empty, lossc.lossesOf(empty)[0]),
      'compileLoss: declaration must be the declaration of a loss, not undefined: lossesOf(program) has those of a program',
    ],
    [
      () => api.compileLoss(program, 'mine'),
      'compileLoss: declaration must be the declaration of a loss, not the text "mine": lossesOf(program).find((loss) => loss.name.name === "mine") finds it',
    ],
    [
      () => api.compileLoss(program, lossc.lossesOf(program)),
      'compileLoss: declaration must be the declaration of a loss, not a list: take one of them',
    ],
    [
      () => api.compileLoss(text, declaration),
      `compileLoss: program must be a program, not the text "${text.slice(0, 40)}…": loadProgram({ name, text }) makes one`,
    ],
    [
      () => api.compileLoss(program, declaration, { logits: true }),
      'compileLoss: there is no option "logits"; it takes fromLogits, guards, plainMean, onPass',
    ],
    [
      () => api.compileLoss(program, declaration, { guards: 'clip' }),
      'compileLoss: the option guards must be one of "protected", "clamp", "none", not the text "clip"',
    ],
    [
      () => api.compileLoss(program, declaration, { fromLogits: ['y'] }),
      'compileLoss: fromLogits names "y", which is not a prediction with the domain probability or unit: those are prediction',
    ],
    [() => api.compileLoss(program, declaration, true), 'compileLoss: options must be an object, not true'],
  ],
  emitTarget: [
    [
      () => api.emitTarget('torch', compiled, origin),
      'emitTarget: target must be one of "ts", "js", "latex", "keras", "pytorch", "jax", "onnx", not the text "torch": did you mean "pytorch"?',
    ],
    [
      () => api.emitTarget('js', program, origin),
      'emitTarget: compiled must be a compiled loss, not an object with module, diagnostics: compileLoss(program, declaration) makes one',
    ],
    [
      () => api.emitTarget('js', compiled),
      'emitTarget: origin must be { version, file }, not undefined: the version of lossc and the name of the .loss file, for the header of the text',
    ],
  ],
  evaluateLoss: [
    [
      () => api.evaluateLoss(program, inputs),
      'evaluateLoss: compiled must be a compiled loss, not an object with module, diagnostics: compileLoss(program, declaration) makes one',
    ],
    [
      () => api.evaluateLoss(compiled, { target: [0] }),
      'evaluateLoss: inputs must be a Map from names to { shape, data }, not an object with target: new Map([["target", arrayOf([0, 2])], …])',
    ],
    [
      () => api.evaluateLoss(compiled, new Map([['target', [0]]])),
      'evaluateLoss: inputs must be a Map from names to { shape, data }, not a Map: new Map([["target", arrayOf([0, 2])], …])',
    ],
    [
      () => api.evaluateLoss(compiled, inputs, { gamma: 2 }),
      'evaluateLoss: parameters must be a Map from names to numbers or nested lists, not an object with gamma: new Map([["gamma", 2]]), or new Map() for the defaults',
    ],
    [
      () => api.evaluateLoss(compiled, inputs, new Map(), 'men'),
      'evaluateLoss: reduction must be one of "mean", "sum", "none", "weightedMean", not the text "men": did you mean "mean"?',
    ],
    [
      () => api.evaluateLoss(compiled, inputs, new Map(), 'mean', { strickt: false }),
      'evaluateLoss: there is no option "strickt"; it takes strict, sampleWeight',
    ],
    [() => api.evaluateLoss(compiled, new Map()), 'mine: the input "target" is missing'],
  ],
  explainLoss: [
    [
      () => api.explainLoss(program),
      'explainLoss: declaration must be the declaration of a loss, not undefined: lossesOf(program) has those of a program',
    ],
    [
      () => api.explainLoss(program, declaration, { classes: 1 }),
      'explainLoss: the option classes must be a whole number from 2, not the number 1',
    ],
  ],
  printExplanation: [
    [
      () => api.printExplanation(compiled),
      'printExplanation: explanation must be an explanation, not an object with name, doc, lowered, inputs, parameters, …: explainLoss(program, declaration) makes one',
    ],
  ],
  raise: [
    [
      () => api.raise(compiled),
      'raise: graph must be a graph, not an object with name, doc, lowered, inputs, parameters, …: the graph of a compiled loss is compiled.lowered.graph',
    ],
    [
      () => api.raise(compiled.lowered.graph, compiled.gradients.get('predictions')),
      'raise: root must be a node of the graph, not undefined: compiled.formula.value is one, and so are those that compiled.formula.gradients has by name',
    ],
  ],
  arrayOf: [
    [() => api.arrayOf(), 'arrayOf: value must be a number or nested lists of numbers, not undefined'],
    [
      () => api.arrayOf(new Float32Array(3)),
      'arrayOf: value must be a number or nested lists of numbers, not a Float32Array: Array.from makes a list of it',
    ],
    [() => api.arrayOf([['1']]), 'arrayOf: value must be a number or nested lists of numbers, not a list'],
    [() => api.arrayOf([[1], [2, 3]]), 'rows of different lengths'],
  ],
  nested: [
    [
      () => api.nested([1, 2]),
      'nested: array must be { shape, data: Float64Array }, not a list: arrayOf(nested lists) makes one',
    ],
    [
      () => api.nested({ shape: [2], data: new Float64Array(3) }),
      'nested: array must be { shape, data: Float64Array }, not an object with shape, data: arrayOf(nested lists) makes one',
    ],
  ],
  checkProgram: [
    [
      () => api.checkProgram(Promise.resolve(program)),
      'checkProgram: program must be a program, not a Promise: await it',
    ],
  ],
  runTests: [
    [
      () => api.runTests(null),
      'runTests: program must be a program, not null: loadProgram({ name, text }) makes one',
    ],
  ],
  lossesOf: [
    [
      () => api.lossesOf({}),
      'lossesOf: program must be a program, not an empty object: loadProgram({ name, text }) makes one',
    ],
  ],
  sketchesOf: [
    [
      () => api.sketchesOf(7),
      'sketchesOf: program must be a program, not the number 7: loadProgram({ name, text }) makes one',
    ],
  ],
  readLossFile: [
    [() => api.readLossFile(), 'readLossFile: path must be a text, not undefined'],
    [() => api.readLossFile('std/focall'), 'there is no standard loss "focall"'],
  ],
  importResolver: [
    [() => api.importResolver({}), 'importResolver: path must be a text, not an empty object'],
  ],
  parse: [
    [
      () => api.parse('x'),
      'parse: source must be { name, text }, not the text "x": write { name: "my.loss", text } for a string, readLossFile(path) for a file',
    ],
  ],
  parseExpression: [
    [
      () => api.parseExpression({ name: 'a', text: 'x' }),
      'parseExpression: text must be a text, not an object with name, text',
    ],
  ],
  printExpr: [
    [
      () => api.printExpr(compiled.value),
      'printExpr: expr must be a syntax tree, not an object with id, op, args, axes, range, weight, value…: raise(graph, node).result is the tree of a node',
    ],
    [
      () => api.printExpr('x'),
      'printExpr: expr must be a syntax tree, not the text "x": parseExpression(text) makes one',
    ],
  ],
  printFile: [
    [
      () => api.printFile(lossc.parse({ name: 'a', text })),
      'printFile: file must be a parsed file, not an object with file, leftOut, diagnostics, comments: take its field file',
    ],
  ],
  formatSource: [
    [
      () => api.formatSource('x'),
      'formatSource: source must be { name, text }, not the text "x": write { name: "my.loss", text } for a string, readLossFile(path) for a file',
    ],
  ],
  formatDiagnostic: [
    [
      () => api.formatDiagnostic(broken.diagnostics, { name: 'a', text: '' }),
      'formatDiagnostic: diagnostic must be a diagnostic, not a list: take them one by one',
    ],
    [
      () => api.formatDiagnostic(broken.diagnostics[0]),
      'formatDiagnostic: source must be { name, text }, not undefined',
    ],
  ],
  stdlibNames: [],
};

const suiteOfApi = suite('public API');

for (const [name, calls] of Object.entries(WRONG)) {
  for (const [call, message] of calls) {
    suiteOfApi(`${name}: ${message}`, async () => {
      try {
        await call();
      } catch (thrown) {
        assert.is((thrown as Error).message, message);
        return;
      }
      assert.unreachable();
    });
  }
}

suiteOfApi('every function has wrong calls here, but the one that takes nothing', () => {
  const functions = Object.entries(lossc)
    .filter(([, value]) => typeof value === 'function' && !/^class\b/.test(String(value)))
    .map(([name]) => name);
  assert.equal(Object.keys(WRONG).sort(), functions.sort());
  for (const [name, calls] of Object.entries(WRONG)) assert.is(calls.length > 0, name !== 'stdlibNames');
});

suiteOfApi('a file with mistakes that leave no loss: the mistakes are told', () => {
  try {
    api.compileLoss(broken, lossc.lossesOf(broken)[0]);
    assert.unreachable();
  } catch (thrown) {
    assert.instance(thrown, lossc.LossError);
    assert.match((thrown as Error).message, 'broken.loss:1');
  }
});

suiteOfApi('an emitted loss that cannot be is a rejected promise, not an exception before it', () => {
  const promise = api.emitTarget('torch', compiled, origin);
  assert.instance(promise, Promise);
  return (promise as Promise<unknown>).then(
    () => assert.unreachable(),
    () => undefined,
  );
});

suiteOfApi('right use: from text to value, gradient, formula and code', async () => {
  const { value, gradient } = lossc.evaluateLoss(compiled, inputs);
  assert.is(value, Math.log(4));
  assert.equal(lossc.nested(gradient.get('prediction')!), [[-4, 0]]);
  const { graph } = compiled.lowered;
  const printed = lossc.printExpr(lossc.raise(graph, compiled.formula.value).result);
  assert.equal(lossc.parseExpression(printed).kind, 'unary');
  const [file] = await lossc.emitTarget('pytorch', compiled, origin);
  assert.is(file!.fileName, 'mine.py');
});

suiteOfApi.run();
