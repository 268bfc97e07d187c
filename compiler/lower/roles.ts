import type { Input } from '../../grammar/tree/ast.js';
import { DOMAINS, isDomain } from '../resolve/domains.js';

/**
 * What an input is to a loss. Predictions get gradients and are what logits are turned into; data gets neither. At most one input
 * is the target: what the predictions are to come near.
 */
export type Role = 'target' | 'data' | 'prediction';

/**
 * Names that tell a role, as people write them in PyTorch, Keras and papers; upper case and `_` do not count, nor does an `s` at
 * the end. `target` names are data on any domain. `maybeTarget` names are data where their domain is one of labels, or another
 * input has the name of a prediction.
 */
const ROLE_NAMES = {
  target: ['target', 'ytrue', 'label', 'gt', 'groundtruth', 'truth', 'tgt', 'truelabel', 'targetlabel'],
  maybeTarget: ['y', 't', 'actual', 'observed', 'gold'],
  prediction: [
    ...[
      'prediction',
      'pred',
      'predicted',
      'ypred',
      'yhat',
      'yprob',
      'yscore',
      'output',
      'out',
      'logit',
      'score',
    ],
    ...['prob', 'probability', 'probabilities', 'proba', 'ypredicted', 'predictedlabel'],
  ],
} as const satisfies Record<string, readonly string[]>;

/** Words within a longer name that speak of something given, such as `soft_label` or `teacher_probability`. */
const GIVEN_WORDS: readonly string[] = [
  ...ROLE_NAMES.target,
  ...ROLE_NAMES.maybeTarget,
  ...['true', 'teacher', 'mask', 'annotation'],
];

const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();
const among = (name: string, names: readonly string[]): boolean =>
  names.includes(plain(name)) || names.includes(plain(name).replace(/s$/, ''));
const words = (name: string): string[] =>
  name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .split(/[_\d]+/)
    .filter((word) => word !== '');

/** Called like a prediction: `y_pred`, `logits`. */
const isPredictionName = (name: string): boolean => among(name, ROLE_NAMES.prediction);
/** Has a word of a prediction in its name: `student_logits`, `prediction2`. */
const speaksOfPrediction = (name: string): boolean =>
  isPredictionName(name) || words(name).some(isPredictionName);
/** Has a word in its name that speaks of something given. */
export const speaksOfData = (name: string): boolean => words(name).some((word) => among(word, GIVEN_WORDS));

/** Whether the domain of an input is one that labels have and no output of a network: nothing turns logits into it. */
const onLabels = ({ domain }: { readonly domain?: Input['domain'] | undefined }): boolean =>
  domain !== undefined && isDomain(domain.name.name) && DOMAINS[domain.name.name].labels;

/** The roles of the inputs of a loss, in their order. */
export function rolesOf(inputs: readonly Input[]): readonly Role[] {
  const predicted = inputs.some((input) => !input.data && speaksOfPrediction(input.name.name));
  const given = inputs.map((input) => isGiven(input, predicted));
  const target = targetAmong(inputs, given);
  return inputs.map((input, i) => (!given[i] ? 'prediction' : input === target ? 'target' : 'data'));
}

function isGiven(input: Input, predicted: boolean): boolean {
  const { name } = input.name;
  if (input.data || among(name, ROLE_NAMES.target)) return true;
  if (onLabels(input)) return !isPredictionName(name);
  return predicted && among(name, ROLE_NAMES.maybeTarget);
}

/** The input with the surest name of a target; without one, the only data there is. */
function targetAmong(inputs: readonly Input[], given: readonly boolean[]): Input | undefined {
  const data = inputs.filter((_, i) => given[i]);
  for (const name of [...ROLE_NAMES.target, ...ROLE_NAMES.maybeTarget]) {
    const named = data.find((input) => among(input.name.name, [name]));
    if (named !== undefined) return named;
  }
  return data.length === 1 ? data[0] : undefined;
}

/** Why an input counts as data, in words. */
export function whyData({ name: { name }, data, domain }: Input): string {
  if (data) return `"${name}" by its mark`;
  return among(name, ROLE_NAMES.target) || !onLabels({ domain })
    ? `"${name}" by its name`
    : `"${name}" by its domain ${domain!.name.name}`;
}

/** Inputs that are called predictions and stand on a domain of labels, by position. */
export const isMistakenPrediction = (input: Input, role: Role): boolean =>
  role === 'prediction' && onLabels(input);

/**
 * Inputs that count as predictions and may be something given, which logits would be turned into all the same: their names speak of
 * that, or nothing tells which of several predictions is the target.
 */
export function perhapsGiven(inputs: readonly Input[], roles: readonly Role[]): readonly Input[] {
  const predictions = inputs.filter((_, i) => roles[i] === 'prediction');
  if (predictions.length < 2) return [];
  const named = predictions.filter(({ name }) => speaksOfData(name.name));
  const open = roles.includes('target')
    ? []
    : predictions.filter(({ name }) => !speaksOfPrediction(name.name));
  return (named.length > 0 ? named : open).filter(hasActivation);
}

const hasActivation = ({ domain }: Input): boolean =>
  domain !== undefined && isDomain(domain.name.name) && DOMAINS[domain.name.name].activation !== undefined;

/** What people call the axis along which probabilities add up to 1. */
const CLASS_NAMES: ReadonlySet<string> = new Set([
  ...['class', 'classes', 'c', 'label', 'labels', 'category', 'categories'],
  ...['channel', 'channels', 'vocab', 'vocabulary', 'token', 'word', 'component', 'choice', 'action', 'bin'],
]);

export const isClassName = (axis: string): boolean => CLASS_NAMES.has(axis.toLowerCase());
