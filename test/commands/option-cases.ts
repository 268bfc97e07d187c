/**
 * Calls for every option of every command: `works` are command lines that must succeed, and together they give each option at
 * least once; `refused` has for each option a line on which it cannot apply, or has a value that nothing can be done with.
 * `RUN` and `TUNING` are folders that the lines above them have made.
 */
export interface OptionCases {
  readonly works: readonly string[];
  /** Lines with a folder in which there is nothing: the message names it. */
  readonly looksIn?: readonly string[];
  /** Options with which a command does not end: other tests try them. */
  readonly endless?: readonly string[];
  readonly refused: Readonly<Record<string, string>>;
}

/** Files that the lines name, in the folder that they are run in. */
export const FILES: Readonly<Record<string, string>> = {
  'formatted.loss': 'loss mse(target: real, prediction: real) = (prediction - target)^2\n',
  'two.loss': `loss p(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)

loss q(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)
`,
  'sketches.loss': `sketch other(target: onehot[class], prediction: probability[class]) =
  -sum(?, class) with operators + * log leaves target, prediction

sketch mine(target: onehot[class], prediction: probability[class]) =
  -sum(?, class) with operators + * log leaves target, prediction
`,
  'hello.json': JSON.stringify({
    ...{ type: 'hello', protocol: 1, targets: ['pytorch'], classes: 10, environment: {} },
    metric: { name: 'accuracy', goal: 'higher' },
  }),
  'script.mjs': `import { createInterface } from 'node:readline';
const say = (message) => console.log(JSON.stringify(message));
for await (const line of createInterface({ input: process.stdin })) {
  const { type, id, seed, steps } = JSON.parse(line);
  const metric = { name: 'accuracy', goal: 'higher' };
  if (type === 'hello') say({ type, protocol: 1, targets: [], metric, classes: 10, environment: {} });
  if (type === 'evaluate') say({ type: 'result', id, metrics: { accuracy: (seed % 100) / 100 }, steps });
}
`,
  'table.csv': `x,z,y\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 3},${2 * (i % 7) - (i % 3)}`).join('\n')}\n`,
  'samples.csv': `target,prediction,gradient\n${Array.from({ length: 40 }, (_, i) => `${i % 7},${i % 3},${2 * (i % 3) - 2 * (i % 7)}`).join('\n')}\n`,
  'errors.loss': `sketch errors(target: real, prediction: real) = square(?)
  with operators + - * leaves target, prediction, real
`,
  'propose.mjs': `import { createInterface } from 'node:readline';
const say = (message) => console.log(JSON.stringify(message));
for await (const line of createInterface({ input: process.stdin })) {
  const { type, id } = JSON.parse(line);
  if (type === 'hello') say({ type, protocol: 1 });
  if (type === 'propose') say({ type: 'proposals', id, bodies: ['target * log(prediction + 1)'] });
}
`,
  'data.mjs': '',
  'model.mjs': '',
  'task.json': JSON.stringify({
    cases: [{ dataset: 'digits', trainExamples: 100, validationExamples: 50, hidden: [4] }],
    steps: 3,
    dataSeed: '2',
  }),
};

const SETTING =
  '--dataset digits --model mlp --hidden 4 --steps 3 --batch 20 --seed 2 --optimizer momentum --momentum 0.5 ' +
  '--weight-decay 0.01 --decay cosine --augment flip --train-examples 100 --validation-examples 50 --label-noise 0.1 --backend cpu';
/** A table of two inputs and one target. */
const TABLE =
  '--dataset table.csv --predict y --learn regression --metric mae --hidden 4 --steps 3 --backend cpu';
/** Data that are published are known by their checksums, so here is an empty folder. */
const FROM_FILES = '--dataset mnist --data idx --backend cpu';

const TRAINING: Readonly<Record<string, string>> = {
  '--dataset': 'std/mse --dataset nothing-of-that-name',
  '--data': 'std/mse --data idx',
  '--predict': 'std/mse --predict y',
  '--learn': 'std/mse --learn regression',
  '--metric': 'std/mse --metric rmse',
  '--model': 'std/mse --model nothing-of-that-name',
  '--hidden': 'std/mse --model resnet --hidden 8',
  '--steps': 'std/mse --steps 0',
  '--lr': 'std/mse --lr -1',
  '--batch': 'std/mse --batch 1.5',
  '--seed': 'std/mse --seed',
  '--optimizer': 'std/mse --optimizer newton',
  '--momentum': 'std/mse --momentum 0.5',
  '--weight-decay': 'std/mse --weight-decay -1',
  '--decay': 'std/mse --decay slowly',
  '--augment': 'std/mse --augment colours',
  '--normalise': 'std/mse --normalise somehow',
  '--train-examples': 'std/mse --train-examples 0',
  '--validation-examples': 'std/mse --validation-examples none',
  '--label-noise': 'std/mse --label-noise 2',
  '--backend': 'std/mse --backend abacus',
};

const COMPARISON: Readonly<Record<string, string>> = {
  ...TRAINING,
  '--lr': 'std/mse --tune-lr --lr 1',
  '--seeds': 'std/mse --seeds 1',
  '--tune-lr': 'std/mse --tune-lr=yes',
  '--grid': 'std/mse --grid 1,2',
  '--tune-runs': 'std/mse --tune-runs 3',
  '--scale': 'std/mse --scale large',
  '--targets': 'std/mse --targets 2',
  '--out': 'std/mse --out',
  '--json': 'std/mse --json=yes',
};

/** A study chooses learning rates and scales by itself. */
const STUDY = Object.fromEntries(
  Object.entries(COMPARISON).flatMap(([flag, line]) =>
    ['--tune-lr', '--scale'].includes(flag) ? [] : [[flag, `speed ${line}`]],
  ),
);

/** A script that answers at once. */
const EVALUATOR = '--evaluator node$IFS./script.mjs';

/** With a task file none of these says anything any more. */
const TASK: Readonly<Record<string, string>> = {
  '--dataset': '--task task.json --dataset digits',
  '--data': '--task task.json --data idx',
  '--predict': '--dataset digits --predict y',
  '--learn': '--dataset digits --learn regression',
  '--metric': '--task task.json --metric error',
  '--model': '--task task.json --model mlp',
  '--hidden': '--task task.json --hidden 4',
  '--steps': '--task task.json --steps 3',
  '--lr': '--task task.json --lr 3',
  '--batch': '--task task.json --batch 100',
  '--optimizer': '--task task.json --optimizer adam',
  '--momentum': '--task task.json --momentum 0.5',
  '--weight-decay': '--task task.json --weight-decay 0.5',
  '--decay': '--task task.json --decay cosine',
  '--augment': '--task task.json --augment flip',
  '--train-examples': '--task task.json --train-examples 9',
  '--validation-examples': '--task task.json --validation-examples 9',
  '--label-noise': '--task task.json --label-noise 0.5',
  '--scale': '--task task.json --scale raw',
  '--normalise': '--normalise unit',
  '--trust-modules': '--trust-modules',
  '--workers': '--workers 0',
  '--evaluator': '--task task.json --evaluator ./script.mjs',
  '--ask': '--ask hello.json --evaluator ./script.mjs',
  '--time-limit': '--time-limit never',
  '--queue': '--queue ftp://host/queue',
  '--serve': '--serve 70000',
  '--tensorboard': '--tensorboard',
  '--json': '--json=yes',
};

export const CASES: Readonly<Record<string, OptionCases>> = {
  new: { works: ['fresh --task binary'], refused: { '--task': 'other --task cooking' } },
  import: {
    works: ['(x-y)**2 --from python --name mine --out imported.loss --force', '-x*y'],
    refused: {
      '--from': 'x-y --from cobol',
      '--name': 'x-y --name 3d',
      '--out': 'x-y --out',
      '--force': 'x-y --force',
    },
  },
  check: {
    works: ['std/mse --json', 'std/mse --format sarif'],
    endless: ['--watch'],
    refused: {
      '--format': 'std/mse --format yaml',
      '--watch': 'std/mse --watch',
      '--json': 'std/mse --json=yes',
    },
  },
  fmt: {
    works: ['formatted.loss --check --json'],
    refused: { '--check': 'formatted.loss --check=yes', '--json': '- --json' },
  },
  test: {
    works: ['std/mse --json'],
    endless: ['--watch'],
    refused: { '--watch': 'std/mse --watch', '--json': 'std/mse --json=yes' },
  },
  list: { works: ['--json', 'focal'], refused: { '--json': '--json=yes' } },
  eval: {
    works: [
      'std/focal --loss focal --input target=[0] --input prediction=[[2,1]] --param gamma=1 --from-logits --reduction sum --digits 20 --json',
      'std/focal --loss focal --input target=[0] --input prediction=[[2,1]] --param gamma=1 --from-logits --reduction weightedMean --sample-weight [2] --json',
      'std/mse --input target=[0] --input prediction=[1] --float32 --json',
    ],
    refused: {
      '--loss': 'std/mse --loss focal',
      '--digits': 'std/mse --digits 0',
      '--float32': 'std/mse --input target=[0] --input prediction=[1] --digits 3 --float32',
      '--input': 'std/mse --input nothing=[0]',
      '--param': 'std/mse --param nothing=1',
      '--from-logits': 'std/mse --from-logits',
      '--reduction': 'std/mse --reduction product',
      '--sample-weight': 'std/mse --input target=[0] --input prediction=[1] --sample-weight [1,2]',
      '--json': 'std/mse --json=yes',
    },
  },
  grad: {
    works: [
      'std/huber --loss huber --wrt delta --order 2 --json',
      'std/focal --param gamma=1 --from-logits --latex',
    ],
    refused: {
      '--loss': 'std/mse --loss focal',
      '--wrt': 'std/mse --wrt delta',
      '--param': 'std/focal --param gamma=-1',
      '--from-logits': 'std/mse --from-logits',
      '--order': 'std/mse --order 3',
      '--latex': 'std/mse --latex=yes',
      '--json': 'std/mse --json=yes',
    },
  },
  explain: {
    works: ['std/focal --loss focal --param gamma=1 --classes 4 --from-logits --json', 'std/mse --full'],
    refused: {
      '--loss': 'std/mse --loss focal',
      '--param': 'std/mse --param delta=1',
      '--classes': 'std/mse --classes 4',
      '--from-logits': 'std/mse --from-logits',
      '--full': 'std/mse --full',
      '--json': 'std/mse --json=yes',
    },
  },
  audit: {
    works: [
      'std/focal --loss focal --param gamma=1 --from-logits --seed 2 --seconds 20 --json',
      'std/mse --limit 1e-5',
    ],
    refused: {
      '--loss': 'std/mse --loss focal',
      '--param': 'std/mse --param nothing=1',
      '--from-logits': 'std/mse --from-logits',
      '--limit': 'std/mse --limit 0',
      '--seed': 'std/mse --seed',
      '--seconds': 'std/mse --seconds none',
      '--json': 'std/mse --json=yes',
    },
  },
  diff: {
    works: ['std/gce std/gce --param q=0.5 --from-logits --json', 'std/mse --json'],
    refused: {
      '--param': 'std/mse std/mae --param nothing=1',
      '--from-logits': 'std/gce --from-logits',
      '--json': 'std/mse std/mse --json=yes',
    },
  },
  plot: {
    works: ['std/focal --param gamma=1,2 --classes 4 --out plot.svg'],
    refused: {
      '--param': 'std/focal --param gamma=[1]',
      '--classes': 'std/mse --classes 4',
      '--out': 'std/mse --out',
    },
  },
  compile: {
    works: [
      'two.loss --loss p --from-logits --guards clamp --target js --js --print-passes --out out --json',
      'std/focal --param gamma=1 --from-logits --kernel --out out',
    ],
    refused: {
      '--out': 'std/mse --out',
      '--loss': 'std/mse --loss focal',
      '--param': 'std/focal --param gamma',
      '--from-logits': 'std/mse --from-logits',
      '--guards': 'std/mse --guards all',
      '--target': 'std/mse --target cobol',
      '--js': 'std/mse --target pytorch --js',
      '--kernel': 'std/mse --target pytorch --kernel',
      '--print-passes': 'std/mse --print-passes=yes',
      '--json': 'std/mse --json=yes',
    },
  },
  train: {
    works: [
      `std/focal --loss focal --param gamma=1 ${SETTING} --lr 0.1 --normalise unit --json`,
      `std/mse ${TABLE} --tensorboard board`,
    ],
    looksIn: [`std/mse ${FROM_FILES}`],
    refused: {
      ...TRAINING,
      '--loss': 'std/mse --loss focal',
      '--param': 'std/mse --param nothing=1',
      '--tensorboard': 'std/mse --tensorboard',
      '--json': 'std/mse --json=yes',
    },
  },
  compare: {
    works: [
      `std/mse ${SETTING} --lr 0.1 --normalise unit --seeds 2 --scale raw --targets 0.1,0.2 --out compared --json`,
      'std/mse --hidden 4 --steps 2 --backend cpu --tune-lr --grid 0.1,1 --tune-runs 1 --seeds 2',
      `std/mse std/cross_entropy ${EVALUATOR} --workers 2 --time-limit 3 --tune-lr --grid 0.1,1 --tune-runs 1 --seeds 2 --steps 5 --out scripted --json`,
      `std/mse std/cross_entropy ${EVALUATOR} --seeds 2`,
      `std/mse std/huber ${TABLE} --seeds 2 --serve --tensorboard board`,
    ],
    looksIn: [`std/mse ${FROM_FILES}`, `std/mse ${TABLE} --queue redis://idx.invalid/x`],
    refused: {
      ...COMPARISON,
      '--queue': 'std/mse --normalise unit --queue jobs',
      '--evaluator': `std/mse --model mlp ${EVALUATOR}`,
      '--workers': 'std/mse --workers 2',
      '--time-limit': 'std/mse --time-limit 2',
      '--serve': 'std/mse --serve 70000',
      '--tensorboard': 'std/mse --tensorboard',
    },
  },
  'data-curve': {
    works: [
      `std/mse ${SETTING.replace('--train-examples 100', '')} --lr 0.1 --normalise unit --sizes 20,40 --seeds 2 --scale raw --targets 0.1 --out curve --json`,
      'std/mse --hidden 4 --steps 2 --backend cpu --sizes 20 --tune-lr --grid 0.1,1 --tune-runs 1 --seeds 2',
      `std/mse ${TABLE} --sizes 10 --seeds 2`,
    ],
    looksIn: [`std/mse ${FROM_FILES}`],
    refused: {
      ...COMPARISON,
      '--train-examples': 'std/mse --train-examples 9',
      '--sizes': 'std/mse --sizes few',
    },
  },
  study: {
    works: [
      `data std/mse ${SETTING.replace('--train-examples 100', '')} --lr 0.1 --normalise unit --sizes 20,40 --seeds 2 --grid 0.1,1 --tune-runs 1 --targets 0.1 --out studied --json`,
      'noise std/mse std/cross_entropy --train-examples 100 --hidden 4 --steps 2 --backend cpu --rates 0,0.2 --kinds next --grid 0.1 --tune-runs 1 --seeds 2',
      'transfer std/mse --to documents --dataset documents --to-model mlp:3 --hidden 4 --steps 2 --backend cpu --grid 0.1 --tune-runs 1 --seeds 2',
      `speed std/mse ${TABLE} --grid 0.1 --tune-runs 1 --seeds 2`,
    ],
    looksIn: [`speed std/mse ${FROM_FILES} --out unused`],
    refused: {
      ...STUDY,
      '--lr': 'speed std/mse --lr -1',
      '--grid': 'speed std/mse --grid 0',
      '--tune-runs': 'speed std/mse --tune-runs 0',
      '--train-examples': 'data std/mse --train-examples 9',
      '--label-noise': 'noise std/mse --label-noise 0.1',
      '--sizes': 'speed std/mse --sizes 10',
      '--rates': 'noise std/mse --rates 1',
      '--kinds': 'noise std/mse --kinds odd',
      '--to': 'speed std/mse --to mnist',
      '--to-model': 'transfer std/mse --to-model mlp:0',
    },
  },
  evolve: {
    works: [
      `sketches.loss --sketch mine ${SETTING} --lr 0.1 --scale raw --seed-from std/cross_entropy --preset default --population 4 --lag 1 --generations 1 --evaluations 50 --max-steps 5000 --minutes 30 --tune-evaluations 0 --final-seeds 2 --final-steps 4 --against std/mse --workers 1 --out RUN --json`,
      '--resume RUN --trust-modules --generations 2 --steps 3 --json',
      `sketches.loss --sketch mine ${EVALUATOR} --time-limit 5 --steps 3 --lr 0.2 --scale raw --seed 2 --population 4 --generations 1 --tune-evaluations 0 --final-seeds 2 --out EVALUATED --json`,
      'sketches.loss --sketch mine --ask hello.json --steps 3 --population 4 --generations 1 --out ASKING --json',
      `--resume EVALUATED ${EVALUATOR} --generations 2 --json`,
      '--resume RUN --queue QUEUE --json',
      'sketches.loss --sketch mine --task task.json --seed 2 --backend cpu --population 4 --generations 1 --tune-evaluations 0 --final-seeds 0 --workers 1 --out TASK',
      'sketches.loss --sketch mine --task task.json --seed 2 --backend cpu --population 4 --generations 1 --tune-evaluations 0 --final-seeds 0 --workers 1 --out WIDE --seed-from std/gce --widen --max-nodes 40 --max-depth 12 --max-nesting 3',
      'sketches.loss --sketch mine --task task.json --seed 3 --backend cpu --population 4 --generations 1 --tune-evaluations 0 --final-seeds 0 --workers 1 --out KNOWING --known TASK --propose node$IFS./propose.mjs',
      `${TABLE} --population 4 --generations 1 --tune-evaluations 0 --final-seeds 2 --workers 1 --out TABLE --serve --tensorboard board --json`,
      '--resume TABLE --generations 2 --metric mae --predict y --json',
    ],
    looksIn: [`${FROM_FILES} --workers 1 --out FILES`],
    refused: {
      ...TASK,
      '--task': '--resume RUN --task task.json',
      '--seed': '--resume RUN --seed 3',
      '--backend': '--resume RUN --backend wasm',
      '--sketch': '--sketch mine',
      '--seed-from': '--resume RUN --seed-from std/mse',
      '--widen': 'sketches.loss --sketch mine --widen',
      '--propose': 'sketches.loss --sketch mine --ask hello.json --propose ./propose.mjs',
      '--max-nodes': '--max-nodes 0',
      '--max-depth': '--max-depth deep',
      '--max-nesting': '--max-nesting 0',
      '--preset': '--resume RUN --preset glo',
      '--population': '--resume RUN --population 99',
      '--lag': '--resume RUN --lag 3',
      '--generations': '--generations 0',
      '--evaluations': '--evaluations few',
      '--max-steps': '--max-steps 0',
      '--minutes': '--minutes -1',
      '--tune-evaluations': '--resume RUN --tune-evaluations 9',
      '--final-seeds': '--resume RUN --final-seeds 9',
      '--final-steps': '--final-seeds 0 --final-steps 9',
      '--against': '--final-seeds 0 --against std/mse',
      '--known': '--resume RUN --known TASK',
      '--out': '--resume RUN --out ELSEWHERE',
      '--resume': 'sketches.loss --resume RUN',
    },
  },
  distil: {
    works: [
      'samples.csv --sketch errors.loss --evaluations 30 --minutes 1 --seed 2 --out found.loss --force --json',
    ],
    refused: {
      '--sketch': 'samples.csv --sketch two.loss',
      '--evaluations': 'samples.csv --evaluations 0',
      '--minutes': 'samples.csv --minutes none',
      '--seed': 'samples.csv --seed',
      '--out': 'samples.csv --out formatted.loss',
      '--force': 'samples.csv --force=yes',
      '--json': 'samples.csv --json=yes',
    },
  },
  tune: {
    works: [
      `std/gce --loss gce --param q=0.5 ${SETTING} --lr 0.1 --scale raw --evaluations 4 --sigma 0.3 --workers 1 --out TUNING --json`,
      '--resume TUNING --trust-modules --evaluations 8 --sigma 0.3 --json',
      '--resume TUNING --queue QUEUE --json',
      'std/gce --task task.json --backend cpu --evaluations 4 --workers 1 --out TUNED',
      `std/gce ${EVALUATOR} --time-limit 5 --steps 3 --evaluations 4 --out SCRIPTED --json`,
      `std/huber ${TABLE} --evaluations 4 --workers 1 --out TABLED --serve --tensorboard board`,
      'std/gce --ask hello.json --steps 3 --evaluations 4 --out TUNE-ASKING --json',
    ],
    looksIn: [`std/gce ${FROM_FILES} --workers 1 --out FILES`],
    refused: {
      ...TASK,
      '--task': '--resume TUNING --task task.json',
      '--seed': '--resume TUNING --seed 3',
      '--backend': '--resume TUNING --backend wasm',
      '--loss': '--resume TUNING --loss mse',
      '--param': '--resume TUNING --param q=0.9',
      '--queue': 'std/gce --queue ftp://host/queue',
      '--evaluations': '--evaluations few',
      '--sigma': '--resume TUNING --sigma 2',
      '--out': '--resume TUNING --out ELSEWHERE',
      '--resume': 'std/gce --resume TUNING',
    },
  },
  worker: {
    works: [
      '--queue QUEUE --workers 1 --data idx --dataset data.mjs --model model.mjs --lease 5 --idle 0.001',
    ],
    refused: {
      '--queue': '--queue ftp://host/queue',
      '--workers': '--queue QUEUE --workers 0',
      '--data': '--queue QUEUE --data nothing-of-that-name',
      '--dataset': '--queue QUEUE --dataset nothing-of-that-name.mjs',
      '--model': '--queue QUEUE --model nothing-of-that-name.mjs',
      '--lease': '--queue QUEUE --lease 0',
      '--idle': '--queue QUEUE --idle soon',
    },
  },
  ask: { works: ['ASKING --json'], refused: { '--json': 'ASKING --json=yes' } },
  tell: { works: [], refused: {} },
  report: {
    works: ['RUN --out run.html', 'TUNING'],
    endless: ['--live'],
    refused: { '--out': 'RUN --out run.html --live', '--live': 'RUN --live 70000' },
  },
  pareto: {
    works: ['RUN --pick steepest --json'],
    refused: { '--pick': 'RUN --pick largest', '--json': 'RUN --json=yes' },
  },
  lineage: { works: ['RUN --json'], refused: { '--json': 'RUN --json=yes' } },
  show: { works: ['RUN --json', 'TUNING --json'], refused: { '--json': 'RUN --json=yes' } },
  init: {
    works: ['evaluator pytorch --out started', 'task --out task'],
    refused: { '--out': 'evaluator pytorch --out' },
  },
  data: { works: [], refused: {} },
  playground: { works: [], endless: ['--port'], refused: { '--port': '--port 65536' } },
  lsp: { works: [], endless: ['--stdio'], refused: { '--stdio': '--stdio=yes' } },
  completion: { works: ['bash', 'zsh', 'fish'], refused: {} },
  doctor: {
    works: ['--backend cpu --data idx --queue QUEUE --json'],
    refused: {
      '--backend': '--backend abacus',
      '--data': '--data',
      '--queue': '--queue ftp://host/queue',
      '--json': '--json=yes',
    },
  },
};
