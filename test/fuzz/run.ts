/**
 * Random programs against the definition of the language, in every target:
 *
 *     npm run fuzz                              two minutes, a new seed
 *     npm run fuzz -- --seconds 3600            an hour
 *     npm run fuzz -- --programs 1000 --seed 7  a thousand programs of a seed
 *     npm run fuzz -- --seed 7 --program 123    one program again
 *     npm run fuzz -- --targets reference,cpu   only these
 *
 * Prints every fault as a `.loss` file, as small as it could be made, and ends with status 1 if there is one.
 */
import { parseArgs } from 'node:util';
import { Fuzzer } from './fuzzer.js';
import { figuresText, findingText } from './report.js';
import { pytorch } from './targets/pytorch.js';
import { REFERENCE } from './targets/reference.js';
import { standIn } from './targets/stand-in.js';
import type { Target } from './targets/target.js';
import { tensorflow } from './targets/tensorflow.js';

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
    programs: { type: 'string', default: 'Infinity' },
    program: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    targets: { type: 'string', default: 'reference,cpu,wasm,pytorch,jax,keras' },
  },
});

/** What one program of how many costs about as much as the comparison with the reference. */
const EVERY = { cpu: 20, wasm: 20, pytorch: 10, jax: 40, keras: 40 };
const every = (target: keyof typeof EVERY): number => (options.program === undefined ? EVERY[target] : 1);
const TARGETS: Readonly<Record<string, () => Target | undefined>> = {
  reference: () => REFERENCE,
  cpu: () => tensorflow('cpu', every('cpu')),
  wasm: () => tensorflow('wasm', every('wasm')),
  pytorch: () => pytorch(every('pytorch')),
  jax: () => standIn('jax', every('jax')),
  keras: () => standIn('keras', every('keras')),
};

function wanted(): readonly Target[] {
  return options.targets.split(',').flatMap((name) => {
    const make = TARGETS[name];
    if (make === undefined) throw new Error(`no target "${name}": ${Object.keys(TARGETS).join(', ')}`);
    const target = make();
    if (target === undefined) console.log(`SKIPPED ${name}: what runs it is not there`);
    return target ?? [];
  });
}

async function main(): Promise<number> {
  const targets = wanted();
  const fuzzer = new Fuzzer(options.seed, targets);
  console.log(`seed ${options.seed}`);
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const limit = Number(options.seconds);
  let shown = 0;
  const show = (): void => {
    for (const finding of fuzzer.findings.slice(shown, fuzzer.mostShrunk))
      console.log(`\n${findingText(finding, options.seed)}`);
    shown = fuzzer.findings.length;
  };
  if (options.program !== undefined) await fuzzer.program(Number(options.program));
  else
    for (let i = 0; i < Number(options.programs) && seconds() < limit; i++) {
      await fuzzer.program(i);
      if (fuzzer.findings.length > shown) show();
    }
  await fuzzer.finish();
  show();
  for (const target of targets) await target.close();
  console.log(figuresText(fuzzer.figures, seconds()));
  console.log(`${fuzzer.findings.length} faults`);
  return fuzzer.findings.length === 0 ? 0 : 1;
}

process.exitCode = await main();
