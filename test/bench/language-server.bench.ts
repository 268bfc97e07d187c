/**
 * How long after a letter is typed the language server has told what is wrong: `npm run bench:lsp` after `npm run build`, half a minute. The text is the
 * beginning of the standard library, 200 lines and 1,000; letters are typed at random places of it and taken back.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoverRequest } from 'vscode-languageserver-protocol/node';
import { createRandom } from '../../src/random.js';
import { stdlibNames } from '../../src/stdlib.js';
import { ROOT } from '../helpers/command-line.js';
import { Client } from '../language-server/client.js';

const EDITS = 60;
const LINES = [200, 1000];

/** Losses of the standard library with their tests, imports first, so many lines at least. */
function textOf(lines: number): string {
  const imports = new Set<string>();
  const bodies: string[] = [];
  for (const name of stdlibNames()) {
    const text = readFileSync(join(ROOT, 'stdlib', `${name}.loss`), 'utf8');
    for (const [line] of text.matchAll(/^import .*\n/gm)) imports.add(line);
    bodies.push(text.replaceAll(/^import .*\n/gm, '').trim());
    if (bodies.join('\n\n').split('\n').length >= lines) break;
  }
  return `${[...imports].join('')}\n${bodies.join('\n\n')}\n`;
}

const quantile = (times: readonly number[], share: number): string =>
  times.toSorted((a, b) => a - b)[Math.floor(share * (times.length - 1))]!.toFixed(1);

const client = new Client();
await client.initialize();
for (const lines of LINES) {
  const text = textOf(lines);
  const uri = await client.text(text);
  const first = await client.diagnostics(uri);
  const random = createRandom('lsp');
  const times: number[] = [];
  const hovers: number[] = [];
  for (let i = 0; i < EDITS; i += 1) {
    const at = random.int(text.length);
    const started = performance.now();
    await client.edit(uri, at, 0, 'x');
    await client.diagnostics(uri);
    times.push(performance.now() - started);
    await client.edit(uri, at, 1, '');
    await client.diagnostics(uri);
    const asked = performance.now();
    await client.connection.sendRequest(HoverRequest.type, client.at(uri, text.slice(at, at + 12)));
    hovers.push(performance.now() - asked);
  }
  console.log(
    `${text.split('\n').length} lines, ${first.length} diagnostics: told in ${quantile(times, 0.5)} ms ` +
      `(95 %: ${quantile(times, 0.95)}), a hover in ${quantile(hovers, 0.5)} ms (95 %: ${quantile(hovers, 0.95)})`,
  );
}
await client.close();
