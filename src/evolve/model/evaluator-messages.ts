/**
 * The protocol between lossc and a training script: one JSON object a line in each direction. `src/evaluator/PROTOCOL.md` is the page
 * about it, and a test holds the two together.
 */
import * as v from 'valibot';

/** Raised with every change that an older script could misunderstand; a field that is added is none. */
export const PROTOCOL = 1;

/** What a script may ask losses to be compiled to. */
const EVALUATOR_TARGETS = ['pytorch', 'jax', 'keras', 'js', 'onnx'] as const;

/** What a script may say of an evaluation that failed. `diverged` is an answer: the loss is worth nothing. The others say nothing about it. */
const ERROR_KINDS = ['diverged', 'invalid', 'crashed', 'out-of-memory'] as const;

const SPLITS = ['validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Characters of a line, and of texts in it: far more than a script has to say. */
export const MOST_LINE = 2 ** 20;
const MOST_TEXT = 4000;
const MOST_NAME = 200;
const MOST_ENTRIES = 64;
/** Classes that screening can still work with. */
const MOST_CLASSES = 100_000;

const text = v.pipe(v.string(), v.maxLength(MOST_TEXT));
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(MOST_NAME));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const finite = v.pipe(v.number(), v.finite());
const few = <T>(entry: v.GenericSchema<T>) =>
  v.pipe(
    v.record(name, entry),
    v.check((entries) => Object.keys(entries).length <= MOST_ENTRIES, `at most ${MOST_ENTRIES} entries`),
  );

/** What the score is: of `higher` in [0, 1] itself, of `lower`, at least 0, 1 / (1 + value). */
const metric = v.object({ name, goal: v.picklist(['higher', 'lower']) });
export type Metric = v.InferOutput<typeof metric>;

/** Messages of lossc, by their type. */
export const TO_SCRIPT = {
  /** The first line: who speaks, and as which of the workers the script was started. */
  hello: v.strictObject({
    type: v.literal('hello'),
    protocol: v.literal(PROTOCOL),
    lossc: name,
    worker: count,
  }),
  /** Train once. Only one evaluation is under way at a time. */
  evaluate: v.strictObject({
    type: v.literal('evaluate'),
    id: name,
    /** The same for the same question, whichever run asks it and however often. */
    key: name,
    loss: v.strictObject({
      name,
      /** The loss in the language, with everything that it calls; `scale` is in it already. */
      text: v.string(),
      /** The factor that `--scale matched` gave it; 1 for none. */
      scale: finite,
      /** The name of its function in the files. */
      function: name,
      /** A file for each target that the script asked for. */
      files: v.record(v.picklist(EVALUATOR_TARGETS), v.string()),
    }),
    /** Decides everything random, below 2^32. */
    seed: count,
    /** How long to train, in whatever the script counts. */
    steps: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
    /** The script's own where it is null. */
    learningRate: v.nullable(v.pipe(finite, v.gtValue(0))),
    /** What the metric is measured on. */
    split: v.picklist(SPLITS),
    /** Steps at or after which lossc wants a report, in rising order. */
    reportAt: v.array(count),
    /** A folder of this evaluation alone, which is deleted after it. */
    folder: v.string(),
  }),
  /** The answer to a report. */
  continue: v.strictObject({ type: v.literal('continue'), id: name }),
  /** The answer to a report: no more steps; the result is still wanted. */
  stop: v.strictObject({ type: v.literal('stop'), id: name }),
  /** Nobody waits for this evaluation any more. No answer is wanted. */
  cancel: v.strictObject({ type: v.literal('cancel'), id: name }),
} as const;

/** Messages of a script, by their type. Fields that are not listed are left alone. */
export const FROM_SCRIPT = {
  /** The answer to hello. */
  hello: v.object({
    type: v.literal('hello'),
    protocol: v.literal(PROTOCOL),
    targets: v.pipe(v.array(v.picklist(EVALUATOR_TARGETS)), v.maxLength(EVALUATOR_TARGETS.length)),
    metric,
    /** Of a classifier: then losses are screened as a classifier's. */
    classes: v.exactOptional(v.pipe(count, v.minValue(2), v.maxValue(MOST_CLASSES))),
    /** What a loss is given as its prediction. */
    inputs: v.optional(v.picklist(['logits', 'probabilities']), 'logits'),
    /** What a result depends on besides the question: versions, device, a hash of the script. */
    environment: few(text),
  }),
  /** How a training stands; answered by continue or stop. `value` is that of the metric. */
  report: v.object({ type: v.literal('report'), id: name, step: count, value: finite }),
  /** The end of a training. */
  result: v.object({
    type: v.literal('result'),
    id: name,
    /** Of which one is the metric. */
    metrics: few(finite),
    /** Steps made, where they are not those asked for. */
    steps: v.exactOptional(count),
  }),
  /** It came to nothing, and why. */
  error: v.object({ type: v.literal('error'), id: name, kind: v.picklist(ERROR_KINDS), message: text }),
} as const;

type Messages<S> = { readonly [K in keyof S]: S[K] extends v.GenericSchema ? v.InferOutput<S[K]> : never };
type ToScripts = Messages<typeof TO_SCRIPT>;
export type ToScript = ToScripts[keyof ToScripts];
export type Evaluate = ToScripts['evaluate'];
type FromScripts = Messages<typeof FROM_SCRIPT>;
export type FromScript = FromScripts[keyof FromScripts];
export type ScriptHello = FromScripts['hello'];

export const toScript = v.variant('type', [
  TO_SCRIPT.hello,
  TO_SCRIPT.evaluate,
  TO_SCRIPT.continue,
  TO_SCRIPT.stop,
  TO_SCRIPT.cancel,
]);
export const fromScript = v.variant('type', [
  FROM_SCRIPT.hello,
  FROM_SCRIPT.report,
  FROM_SCRIPT.result,
  FROM_SCRIPT.error,
]);

/** The score of a value of the metric, in [0, 1], more is better; undefined where the value is none that the metric can have. */
export function scoreOf({ goal }: Metric, value: number): number | undefined {
  if (goal === 'lower') return value >= 0 ? 1 / (1 + value) : undefined;
  return value >= 0 && value <= 1 ? value : undefined;
}

/** One text for what a script says of its environment, whatever the order in which it says it. */
export const identityOf = ({ environment, metric: { name: measured, goal }, inputs }: ScriptHello): string =>
  JSON.stringify([
    ...Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1)),
    ['metric', measured, goal],
    ['inputs', inputs],
  ]);
