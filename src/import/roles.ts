/** What the names of a formula are: what was predicted, what is given, and what is chosen. */
import { latinName } from './names.js';
import { type FormalParameter, type Formula, withoutOwner } from './term.js';

export type Role = 'target' | 'mask' | 'given' | 'prediction' | 'parameter';

export interface Named {
  /** As the formula has it. */
  readonly name: string;
  readonly role: Role;
  /** What the name does not decide. */
  readonly question?: string;
  /** Of a parameter. */
  readonly preset?: number | undefined;
}

const plain = (name: string): string => latinName(withoutOwner(name)).replaceAll('_', '').toLowerCase();

const TARGET = /^(?:y_?true|true|targets?|tgt|labels?|gts?|ground_?truths?|truths?|true_?labels?|y_?gt)$/i;
const PREDICTION =
  /^(?:y_?preds?|preds?|predictions?|predicted|y_?hat|y_?probs?|y_?scores?|outputs?|out|logits?|scores?|probs?|proba|probabilit(?:y|ies)|inputs?|p|q|x|p_hat|log_?probs?|log_?p|student\w*|mu|mean|var|variance|log_?var|logvar|anchor|positive|negative|embeddings?|x1|x2|input1|input2)$/i;
const MASK = /^(?:mask|valid|pad(?:ding)?_?mask|is_?valid)$/i;
const COUNT = /^(?:n|N|B|bs|batch_?size|num_?(?:samples|examples|items)|n_?(?:samples|examples|items))$/;
const GIVEN = /^(?:teacher\w*|soft_?(?:labels?|targets?))$/i;

/** Names of what people choose, with a value that is usual. */
export const HYPERPARAMETERS: Readonly<Record<string, { readonly usual: number; readonly domain: string }>> =
  {
    alpha: { usual: 0.5, domain: 'real' },
    beta: { usual: 0.5, domain: 'real' },
    gamma: { usual: 2, domain: 'nonnegative' },
    delta: { usual: 1, domain: 'positive' },
    eps: { usual: 1e-7, domain: 'positive' },
    epsilon: { usual: 1e-7, domain: 'positive' },
    varepsilon: { usual: 1e-7, domain: 'positive' },
    margin: { usual: 1, domain: 'real' },
    m: { usual: 1, domain: 'real' },
    temperature: { usual: 1, domain: 'positive' },
    temp: { usual: 1, domain: 'positive' },
    tau: { usual: 1, domain: 'positive' },
    t: { usual: 1, domain: 'positive' },
    smooth: { usual: 1, domain: 'positive' },
    smoothing: { usual: 0.1, domain: 'unit' },
    labelsmoothing: { usual: 0.1, domain: 'unit' },
    lam: { usual: 1, domain: 'real' },
    lambda: { usual: 1, domain: 'real' },
    lambd: { usual: 1, domain: 'real' },
    lmbda: { usual: 1, domain: 'real' },
    eta: { usual: 1, domain: 'real' },
    kappa: { usual: 1, domain: 'real' },
    theta: { usual: 1, domain: 'real' },
    rho: { usual: 1, domain: 'real' },
    zeta: { usual: 1, domain: 'real' },
    c: { usual: 1, domain: 'real' },
    k: { usual: 1, domain: 'real' },
    weight: { usual: 1, domain: 'nonnegative' },
    weights: { usual: 1, domain: 'nonnegative' },
    classweight: { usual: 1, domain: 'nonnegative' },
    classweights: { usual: 1, domain: 'nonnegative' },
    posweight: { usual: 1, domain: 'nonnegative' },
    w: { usual: 1, domain: 'nonnegative' },
  };

export const hyperparameterOf = (name: string): (typeof HYPERPARAMETERS)[string] | undefined => {
  const key = plain(name);
  return Object.hasOwn(HYPERPARAMETERS, key) ? HYPERPARAMETERS[key] : undefined;
};

/** Names of weights, which may be one number or one for each class. */
export const isWeight = (name: string): boolean => /^(?:class|pos)?weights?$|^w$/.test(plain(name));

type Guess = Role | 'perhaps target' | 'unknown';

function guessOf(name: string, formal: FormalParameter | undefined): Guess {
  if (formal?.default?.kind === 'number' || formal?.default?.kind === 'unary') return 'parameter';
  if (MASK.test(name)) return 'mask';
  if (GIVEN.test(name)) return 'given';
  if (TARGET.test(name)) return 'target';
  if (name === 'y' || name === 't') return 'perhaps target';
  if (PREDICTION.test(name)) return 'prediction';
  if (hyperparameterOf(name) !== undefined) return 'parameter';
  return 'unknown';
}

/** The roles of the names that a formula does not define, in the order in which they come, or of its function. */
export function rolesOf(
  names: readonly string[],
  { parameters: formals, own = [] }: Formula,
): readonly Named[] {
  const formalOf = (name: string): FormalParameter | undefined =>
    [...formals, ...own].find((one) => one.name === name);
  const guesses = names.map(
    (name): Guess => (own.some((one) => one.name === name) ? 'parameter' : guessOf(name, formalOf(name))),
  );
  const count = (...kinds: readonly Guess[]): number =>
    guesses.filter((guess) => kinds.includes(guess)).length;
  const others = count('prediction', 'unknown');
  const hasTarget = count('target') > 0;
  return names.map((name, i): Named => {
    const guess = guesses[i]!;
    switch (guess) {
      case 'perhaps target':
        if (others > 0 && !(hasTarget && count('prediction') === 0)) return { name, role: 'target' };
        return count('perhaps target') > 1 && name === 't'
          ? { name, role: 'target' }
          : { name, role: 'prediction', question: `is ${name} the output of the network?` };
      case 'target':
        return others + count('perhaps target') > 0
          ? { name, role: 'target' }
          : {
              name,
              role: 'prediction',
              question: `nothing else is predicted, so ${name} is read as the output of the network: is it?`,
            };
      case 'unknown':
        return unknown(name, {
          hasPrediction: count('prediction') > 0,
          isFirst: guesses.indexOf('unknown') === i,
          hasTarget: hasTarget || count('perhaps target') > 0,
        });
      case 'parameter':
        return parameter(name, formalOf(name));
      default:
        return { name, role: guess };
    }
  });
}

interface Known {
  readonly hasPrediction: boolean;
  readonly hasTarget: boolean;
  readonly isFirst: boolean;
}

/** One capital letter is likely a constant; the first other name is what the network gives, the second what it should. */
function unknown(name: string, { hasPrediction, hasTarget, isFirst }: Known): Named {
  if (COUNT.test(name))
    return {
      name,
      role: 'parameter',
      question: `is ${name} the number of items? Then write x.size(0), or the mean`,
    };
  if (/^[A-Z]$/.test(name))
    return {
      name,
      role: 'parameter',
      question: `what is the value of ${name}? Without a default it has to be given`,
    };
  if (!hasPrediction && !isFirst && !hasTarget)
    return {
      name,
      role: 'given',
      question: `${name} is read as data, like a target: or is it an output of the network?`,
    };
  return {
    name,
    role: 'prediction',
    question: `${name} is read as a prediction: is it data (write data ${name}) or a parameter (after the semicolon)?`,
  };
}

function parameter(name: string, formal: FormalParameter | undefined): Named {
  const preset = formal?.default;
  const shown = withoutOwner(name);
  if (preset?.kind === 'number') return { name, role: 'parameter', preset: preset.value };
  if (preset?.kind === 'unary' && preset.op === '-' && preset.of.kind === 'number')
    return { name, role: 'parameter', preset: -preset.of.value };
  if (preset !== undefined && preset.kind !== 'word')
    return {
      name,
      role: 'parameter',
      question: `what is the value of ${shown}? It was computed from others, and has to be given`,
    };
  const usual = hyperparameterOf(name)?.usual;
  return {
    name,
    role: 'parameter',
    preset: usual,
    question: isWeight(name)
      ? `${shown} is read as a parameter with default 1: or does each item have its own (write data ${shown})?`
      : usual === undefined
        ? `what is the value of ${shown}? Without a default it has to be given`
        : `is ${usual} right for ${shown}? The formula does not say; it is only the usual value`,
  };
}
