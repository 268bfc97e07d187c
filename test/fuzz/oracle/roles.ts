import type { Input } from '../../../grammar/tree/ast.js';

/** What makes an input data, by "Roles and parameters" of the reference: the mark, its name, a domain of labels. */

const TARGETS = ['target', 'ytrue', 'label', 'gt', 'groundtruth', 'truth'];
const MAYBE_TARGETS = ['y', 't', 'actual', 'observed', 'gold'];
const PREDICTIONS = ['prediction', 'pred', 'predicted', 'ypred', 'yhat', 'output', 'logit', 'score', 'prob'];
const LABELS = ['onehot', 'binary', 'sign', 'integer'];

const isCalled = ({ name }: Input, names: readonly string[]): boolean => {
  const plain = name.name.replaceAll('_', '').toLowerCase();
  return names.includes(plain) || names.includes(plain.replace(/s$/, ''));
};

export function isData(input: Input, all: readonly Input[]): boolean {
  if (input.data || isCalled(input, TARGETS)) return true;
  if (LABELS.includes(input.domain?.name.name ?? 'real')) return true;
  return isCalled(input, MAYBE_TARGETS) && all.some((other) => !other.data && isCalled(other, PREDICTIONS));
}
