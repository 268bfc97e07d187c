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
import { kernel, loops } from './targets/fused.js';
import { onnx } from './targets/onnx.js';
import { pytorch } from './targets/pytorch.js';
import { REFERENCE } from './targets/reference.js';
import { standIn } from './targets/stand-in.js';
import type { Target } from './targets/target.js';
import { tensorflow } from './targets/tensorflow.js';

const ALL = 'reference,loops,kernel,cpu,wasm,pytorch,jax,keras,onnx';
const HELP = `usage: npm run fuzz -- [options]
  --seconds N     how long (120)
  --programs N    how many programs at most
  --seed TEXT     which programs; a new seed unless given
  --program N     this program of the seed alone, in every target
  --targets LIST  of ${ALL} (all)`;

/** Ends with one line that says what is wrong with the options. */
function refuse(problem: string): never {
  console.error(`fuzz: ${problem}; --help shows the options`);
  process.exit(2);
}

function given() {
  try {
    const { values } = parseArgs({
      options: {
        help: { type: 'boolean', default: false },
        seconds: { type: 'string', default: '120' },
        programs: { type: 'string', default: 'Infinity' },
        program: { type: 'string' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
        targets: { type: 'string', default: ALL },
      },
    });
    return values;
  } catch (error) {
    return refuse((error as Error).message.split('. ')[0]!);
  }
}

const options = given();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
for (const [name, isWhole] of [
  ['seconds', false],
  ['programs', true],
  ['program', true],
] as const) {
  const text = options[name];
  if (text === undefined || (name === 'programs' && text === 'Infinity')) continue;
  const fits = /^\d+(\.\d+)?$/.test(text) && (!isWhole || Number.isSafeInteger(Number(text)));
  if (!fits) refuse(`--${name} is "${text}", not a ${isWhole ? 'whole ' : ''}number from 0 on`);
}

/** What one program of how many costs about as much as the comparison with the reference. */
const EVERY = { loops: 3, kernel: 3, cpu: 20, wasm: 20, pytorch: 10, jax: 40, keras: 40, onnx: 20 };
const every = (target: keyof typeof EVERY): number => (options.program === undefined ? EVERY[target] : 1);
const TARGETS: Readonly<Record<string, () => Target | undefined | Promise<Target | undefined>>> = {
  reference: () => REFERENCE,
  loops: () => loops(every('loops')),
  kernel: () => kernel(every('kernel')),
  cpu: () => tensorflow('cpu', every('cpu')),
  wasm: () => tensorflow('wasm', every('wasm')),
  pytorch: () => pytorch(every('pytorch')),
  jax: () => standIn('jax', every('jax')),
  keras: () => standIn('keras', every('keras')),
  onnx: () => onnx(every('onnx')),
};

async function wanted(): Promise<readonly Target[]> {
  const targets: Target[] = [];
  for (const name of options.targets.split(',')) {
    const make = TARGETS[name];
    if (make === undefined) refuse(`no target "${name}", only ${ALL.replaceAll(',', ', ')}`);
    const target = await make();
    if (target === undefined) console.log(`SKIPPED ${name}: what runs it is not there`);
    else targets.push(target);
  }
  return targets;
}

async function main(): Promise<number> {
  const targets = await wanted();
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
