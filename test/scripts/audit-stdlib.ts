/**
 * Audits every standard loss, in two processes, and writes stdlib/ACCURACY.md; with `--check` it fails where a loss has become less
 * accurate than the page says. `npm run audit:stdlib`.
 */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { jsonNumber } from '../../src/terminal.js';
import { accuracyPage, lessAccurate } from '../stdlib/accuracy-page.js';
import { auditStandard, type Row } from '../stdlib/audit.js';
import { FORMS } from '../stdlib/forms.js';

const PAGE = new URL('../../stdlib/ACCURACY.md', import.meta.url);
const PROCESSES = 2;

const part = process.argv.find((arg) => arg.startsWith('--part='))?.slice('--part='.length);
if (part !== undefined) {
  const forms = FORMS.filter((_, i) => i % PROCESSES === Number(part));
  await auditStandard(forms, (row) => process.stdout.write(`${JSON.stringify(row, jsonNumber)}\n`));
} else {
  const rows = (await Promise.all(Array.from({ length: PROCESSES }, (_, i) => rowsOf(i)))).flat();
  const order = (row: Row): number =>
    FORMS.findIndex((form) => form.name === row.name && form.fromLogits === row.fromLogits);
  rows.sort((a, b) => order(a) - order(b));
  if (process.argv.includes('--check')) {
    const worse = lessAccurate(readFileSync(PAGE, 'utf8'), rows);
    for (const text of worse) console.error(text);
    console.log(`${rows.length} rows audited, ${worse.length} less accurate than stdlib/ACCURACY.md says`);
    process.exitCode = worse.length > 0 ? 1 : 0;
  } else {
    writeFileSync(PAGE, accuracyPage(rows));
    console.log(`wrote stdlib/ACCURACY.md: ${rows.length} rows`);
  }
}

/** NaN and the infinities pass JSON as texts. */
function numberOf(key: string, value: unknown): unknown {
  return key === 'found' || key === 'exact' ? Number(value) : value;
}

function rowsOf(index: number): Promise<Row[]> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(import.meta.url), `--part=${index}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0
        ? resolve(
            text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line, numberOf) as Row),
          )
        : reject(new Error(`a process ended with ${code}`)),
    );
  });
}
