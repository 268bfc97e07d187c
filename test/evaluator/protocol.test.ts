import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import * as v from 'valibot';
import {
  FROM_SCRIPT,
  fromScript,
  MOST_LINE,
  PROTOCOL,
  TO_SCRIPT,
  toScript,
} from '../../src/evolve/model/evaluator-messages.js';
import { FROM_PROPOSER, fromProposer, TO_PROPOSER } from '../../src/evolve/model/proposer-messages.js';
import { ROOT } from '../helpers/command-line.js';

/** The page about the protocol says what the schemas say. */
const protocol = suite('evaluator protocol');

const PAGE = readFileSync(join(ROOT, 'src/evaluator/PROTOCOL.md'), 'utf8');
const examples = (direction: string): Record<string, unknown>[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`json ${direction}\\n(.*)\\n\`\`\``, 'gm'))].map(
    ([, text]) => JSON.parse(text!) as Record<string, unknown>,
  );

const DIRECTIONS = [
  ['to script', toScript, TO_SCRIPT],
  ['from script', fromScript, FROM_SCRIPT],
  ['to proposer', v.variant('type', [TO_PROPOSER.hello, TO_PROPOSER.propose]), TO_PROPOSER],
  ['from proposer', fromProposer, FROM_PROPOSER],
] as const;

/** Names of all fields of a schema, those of objects in it too. */
function fieldsOf(schema: unknown): string[] {
  const { entries, pipe, wrapped, item } = schema as {
    entries?: Record<string, unknown>;
    pipe?: readonly unknown[];
    wrapped?: unknown;
    item?: unknown;
  };
  if (entries !== undefined)
    return Object.entries(entries).flatMap(([name, inner]) => [name, ...fieldsOf(inner)]);
  const inner = pipe?.[0] ?? wrapped ?? item;
  return inner === undefined || inner === schema ? [] : fieldsOf(inner);
}

for (const [direction, schema, messages] of DIRECTIONS) {
  protocol(`${direction}: each message has an example, which the schema takes`, () => {
    const shown = examples(direction);
    assert.equal([...new Set(shown.map(({ type }) => type))].sort(), Object.keys(messages).sort());
    for (const message of shown) assert.equal(v.parse(schema, message), message);
  });

  protocol(`${direction}: each field of the schema is in an example or a sentence, and no others are`, () => {
    for (const message of examples(direction)) {
      const fields = fieldsOf(messages[message['type'] as keyof typeof messages]);
      for (const name of fields) assert.ok(PAGE.includes(`"${name}"`) || PAGE.includes(`\`${name}\``), name);
      for (const name of Object.keys(message)) assert.ok(fields.includes(name), name);
    }
  });

  protocol(`${direction}: a field that is missing or of another kind is refused`, () => {
    for (const message of examples(direction)) {
      for (const name of Object.keys(message)) {
        if (['inputs', 'classes', 'steps'].includes(name) && direction === 'from script') continue;
        const { [name]: _, ...without } = message;
        assert.not(v.safeParse(schema, without).success, `${message['type']} without ${name}`);
      }
      for (const name of Object.keys(message)) {
        const spoiled = { ...message, [name]: { wrong: {} } };
        assert.not(v.safeParse(schema, spoiled).success, `${message['type']} with a wrong ${name}`);
      }
    }
  });
}

protocol('the page names the version, the kinds and the limits that there are', () => {
  assert.match(PAGE, `# The evaluator protocol, version ${PROTOCOL}\n`);
  for (const kind of FROM_SCRIPT.error.entries.kind.options) assert.match(PAGE, `| \`${kind}\` |`);
  for (const target of FROM_SCRIPT.hello.entries.targets.pipe[0].item.options)
    assert.match(PAGE, `\`${target}\``);
  for (const split of TO_SCRIPT.evaluate.entries.split.options) assert.match(PAGE, `\`${split}\``);
  assert.is(MOST_LINE, 2 ** 20);
});

protocol('names, texts and numbers of entries are limited', () => {
  const hello = examples('from script').find(({ type }) => type === 'hello')!;
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`name${i}`, 'x']));
  for (const environment of [many, { device: 'x'.repeat(5000) }, { ['x'.repeat(300)]: 'x' }])
    assert.not(v.safeParse(fromScript, { ...hello, environment }).success);
  assert.not(v.safeParse(fromScript, { ...hello, classes: 1 }).success);
  assert.ok(v.safeParse(fromScript, { ...hello, device: 'what is added later' }).success);
});

protocol.run();
