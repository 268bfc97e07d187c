/** Tables that we draw ourselves, each from a process that is known: the same for the same seed everywhere. */
import { exp } from '../../../compiler/elementary/exponential.js';
import { cos, sin } from '../../../compiler/elementary/trigonometric.js';
import { createRandom, type Random } from '../../random.js';
import type { TaskKind } from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import type { ExampleSet } from './examples.js';
import { columnNormalisation } from './normalise.js';

interface Process {
  readonly task: TaskKind;
  /** Numbers of an input, and of a target. */
  readonly inputs: number;
  readonly outputs: number;
  /** Makes what draws examples; what examples share is drawn first. */
  readonly begin: (random: Random) => (random: Random) => {
    readonly input: readonly number[];
    readonly target: readonly number[];
  };
}

/**
 * Friedman #1 (Friedman 1991, "Multivariate adaptive regression splines"; Breiman 1996): ten numbers between 0 and 1, of which five
 * matter, and normal noise of deviation 1. Outliers come with `--label-noise`.
 */
const friedman: Process = {
  task: 'regression',
  inputs: 10,
  outputs: 1,
  begin: () => (random) => {
    const x = Array.from({ length: 10 }, () => random.next());
    const bend = x[2]! - 0.5;
    const mean = 10 * sin(Math.PI * x[0]! * x[1]!) + 20 * bend * bend + 10 * x[3]! + 5 * x[4]!;
    return { input: x, target: [mean + random.normal()] };
  },
};

/** Where the hand of an arm with two joints is: two angles and two lengths in, two coordinates out, with normal noise. */
const arm: Process = {
  task: 'regression',
  inputs: 4,
  outputs: 2,
  begin: () => (random) => {
    const [first, second] = [Math.PI * random.next(), Math.PI * (random.next() - 0.5)];
    const [upper, lower] = [0.5 + random.next(), 0.5 + random.next()];
    const noise = (): number => 0.05 * random.normal();
    return {
      input: [first, second, upper, lower],
      target: [
        upper * cos(first) + lower * cos(first + second) + noise(),
        upper * sin(first) + lower * sin(first + second) + noise(),
      ],
    };
  },
};

const WORDS = 20;
const TOPICS = 5;
/** Means of the Poisson distributions of how many topics and words a document has. */
const MEAN = { topics: 2, words: 50 } as const;

/** Documents as counts of words, whose topics are to be told: the process of scikit-learn's `make_multilabel_classification`. */
const documents: Process = {
  task: 'multi-label',
  inputs: WORDS,
  outputs: TOPICS,
  begin: (shared) => {
    const shares = (count: number): number[] => {
      const drawn = Array.from({ length: count }, () => shared.next());
      const sum = drawn.reduce((a, b) => a + b, 0);
      return drawn.map((x) => x / sum);
    };
    const topics = shares(TOPICS).map((share) => ({ share, words: shares(WORDS) }));
    return (random) => {
      let wanted = 0;
      while (wanted === 0 || wanted > TOPICS) wanted = poisson(MEAN.topics, random);
      const chosen = new Set<number>();
      while (chosen.size < wanted) chosen.add(random.weighted([...topics.keys()], (k) => topics[k]!.share));
      const words = [...topics.keys()].filter((k) => chosen.has(k)).map((k) => topics[k]!.words);
      const input = new Array<number>(WORDS).fill(0);
      for (let left = poisson(MEAN.words, random); left > 0; left--)
        input[
          random.weighted([...input.keys()], (word) => words.reduce((sum, one) => sum + one[word]!, 0))
        ]!++;
      return { input, target: topics.map((_, k) => (chosen.has(k) ? 1 : 0)) };
    };
  },
};

/** Knuth's method: how many uniform numbers can be multiplied before the product falls below exp(-mean). */
function poisson(mean: number, random: Random): number {
  const least = exp(-mean);
  let product = random.next();
  let count = 0;
  while (product > least) {
    product *= random.next();
    count++;
  }
  return count;
}

const PROCESSES = { friedman, arm, documents } as const;
export type DrawnTable = keyof typeof PROCESSES;

/** 3,000 training and 2,000 test examples by default. */
export function drawTable(
  name: DrawnTable,
  { train = 3000, test = 2000 }: { readonly train?: number; readonly test?: number } = {},
): Dataset {
  const process = PROCESSES[name];
  const random = createRandom(`1/${name}`);
  const draw = process.begin(random.fork('shared'));
  const part = (count: number, from: Random): ExampleSet => {
    const drawn = Array.from({ length: count }, () => draw(from));
    return {
      count,
      pixels: Float32Array.from(drawn.flatMap(({ input }) => input)),
      labels: Float32Array.from(drawn.flatMap(({ target }) => target)),
    };
  };
  const examples = part(train, random.fork('train'));
  return {
    name,
    task: process.task,
    outputs: process.outputs,
    inputShape: [process.inputs],
    train: examples,
    test: part(test, random.fork('test')),
    normalisation: columnNormalisation(examples, process.inputs),
    validationExamples: Math.round(train / 3),
  };
}
