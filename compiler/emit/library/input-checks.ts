import { type EmittedFunction, helper } from './helper.js';

const NAME = ['name', 'string'] as const;
const TENSOR = ['tensor', 'tf.Tensor'] as const;

/** What the option `checkInputs` does. For debugging, since it reads the tensors back. */
export const INPUT_CHECK_HELPERS: readonly EmittedFunction[] = [
  helper(
    'checkInput',
    [NAME, TENSOR, ['domain', 'string'], ['fits', '(x: number) => boolean']],
    'void',
    'Checks the values of an input against its domain.',
    `const wrong = Array.from(tensor.dataSync()).find((value) => !fits(value));
if (wrong !== undefined) fail(\`\${name} holds \${wrong}, which is not \${domain}\`);`,
    ['fail'],
  ),
  helper(
    'checkSums',
    [NAME, TENSOR, ['axis', 'string'], ['start', 'number'], ['end', 'number']],
    'void',
    'Checks that values add up to 1 along an axis: the dimensions from start to before end; negative ones count from the end.',
    `const { shape } = tensor;
const [from, to] = [start < 0 ? shape.length + start : start, end <= 0 ? shape.length + end : end];
const parts = [shape.slice(0, from), shape.slice(from, to), shape.slice(to)].map(count);
const sums = tf.tidy(() => reduced(tf.sum, tf.reshape(asFloat(tensor), parts), 1).dataSync());
const bad = Array.from(sums).find((sum) => !(Math.abs(sum - 1) <= 1e-3));
if (bad !== undefined) fail(\`\${name} adds up to \${bad} along \${axis}, not to 1\`);`,
    ['fail', 'count', 'asFloat', 'reduced'],
  ),
  helper(
    'checkLabels',
    [
      NAME,
      ['labels', 'tf.Tensor'],
      ['axis', 'string'],
      ['classes', 'number'],
      ['ignore', 'number'],
      ['leavesOut', 'boolean'],
    ],
    'void',
    'Checks that labels are classes, or the one that is ignored.',
    `const all = Array.from(labels.dataSync());
const entry = all.findIndex((x) => x !== ignore && !(Number.isInteger(x) && x >= 0 && x < classes));
if (entry < 0) return;
const range = classes === 1 ? 'is 0' : \`goes from 0 to \${classes - 1}\`;
const out = leavesOut ? \`, or is \${ignore} to leave its item out\` : '';
fail(\`\${name} holds the label \${all[entry]} (entry \${entry}), and a label of \${axis} \${range}\${out}\`);`,
    ['fail'],
  ),
];
