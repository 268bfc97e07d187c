import { readFileSync } from 'node:fs';
import { importFormula } from '../../src/import/import.js';

const language = process.argv[2] as 'latex';
for (const f of readFileSync('/tmp/f.txt', 'utf8').split('\n===\n')) {
  const r = await importFormula(f.trimEnd(), { language });
  console.log('>>>', f.trimEnd());
  console.log(
    r.kind === 'imported'
      ? r.text.replace(/^\/\/\/.*\n/gm, '')
      : `REFUSED ${r.message} [${f.slice(r.span.start, r.span.end)}] hint: ${r.hint}`,
  );
}
