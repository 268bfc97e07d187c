import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { importResolver } from '../../src/stdlib.js';

/** Snippets are programs once they are in a file. */
const snippets = suite('snippets');

interface Snippet {
  readonly prefix: string;
  readonly description: string;
  readonly body: string | readonly string[];
}
const SNIPPETS: Readonly<Record<string, Snippet>> = JSON.parse(
  readFileSync(new URL('../../src/vscode/snippets.json', import.meta.url), 'utf8'),
);

const HUBER = 'loss name(target: real, prediction: real) = (prediction - target)^2\n';
const CLASSES = `loss name(target: onehot[class], prediction: probability[class]) =
  -sum(target * log(prediction), class)\n`;

/** The file around each snippet. */
const AROUND: Readonly<Record<string, (text: string) => string>> = {
  loss: (text) => text,
  'loss of classes': (text) => text,
  'loss with a parameter': (text) => text,
  let: (text) => `loss name(target: real, prediction: real) =\n${indented(text)}  error^2\n`,
  if: (text) => `loss name(target: real, prediction: real) =\n${indented(text)}\n`,
  fn: (text) => `${text}\nloss f(target: real, prediction: real) = name(prediction - target)\n`,
  test: (text) => `${HUBER}\n${text}`,
  'test of classes': (text) => `${CLASSES}\n${text}`,
  import: (text) => `${text}\nloss f(target: real, prediction: real) = 2 * huber(target, prediction)\n`,
  sketch: (text) => text,
};
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** A snippet with every placeholder as it is offered; of several words, one after another. */
function filled({ body }: Snippet, choice: number): string {
  const given = new Map<string, string>();
  const fill = (text: string): string => {
    const next = text.replace(
      /\$\{(\d+)(?::((?:[^${}]|\$(?!\{))*)|\|([^|]*)\|)\}|\$(\d+)/g,
      (_, number, value, choices, bare) => {
        const key = number ?? bare;
        const words = choices?.split(',');
        const offered = value ?? words?.[choice % words.length];
        if (offered !== undefined && !given.has(key)) given.set(key, offered);
        return given.get(key) ?? '';
      },
    );
    return next === text ? text : fill(next);
  };
  return `${fill(typeof body === 'string' ? body : body.join('\n'))}\n`;
}

snippets('the place of each is known', () => {
  assert.equal(Object.keys(SNIPPETS).sort(), Object.keys(AROUND).sort());
  const prefixes = Object.values(SNIPPETS).map(({ prefix }) => prefix);
  assert.is(new Set(prefixes).size, prefixes.length);
});

for (const [name, snippet] of Object.entries(SNIPPETS)) {
  // No placeholder has more words to choose from.
  for (const choice of [0, 1, 2, 3])
    snippets(`${name}, choice ${choice}: it is checked without a word, and its tests pass`, () => {
      const text = AROUND[name]!(filled(snippet, choice));
      assert.not.match(text, /\$/);
      const source = { name: 'snippet.loss', text };
      const program = loadProgram(source, importResolver('-'));
      assert.equal(
        checkProgram(program).map(({ message }) => message),
        [],
        text,
      );
      for (const { failures } of runTests(program)) assert.equal(failures, []);
    });
}

snippets.run();
