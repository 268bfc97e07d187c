import type { CompiledLoss } from '../../compile.js';
import { CLASSES, isKerasLoss } from './classes.js';
import { Core } from './core.js';
import { functionDoc } from './docs.js';
import type { Framework } from './framework.js';
import { helperTexts, PYTHON_HELPERS } from './helpers.js';
import { readInputs } from './inputs.js';
import { wrapped } from './layout.js';
import { optionArguments, parameterArguments } from './signature.js';
import { STEPS } from './steps.js';
import { indented, safeLines } from './text.js';
import { Words } from './words.js';

/** What a module calls its own functions. */
const INTERNAL = [...PYTHON_HELPERS, '_value', '_gradients', '_items', '_Items', '_backward', '_block'];

/** A Python file with the loss as a function of tensors that carries lossc's own gradient, and as a class where the framework has one. */
export function pythonModule(compiled: CompiledLoss, framework: Framework, header: string): string {
  const words = new Words(compiled, INTERNAL);
  const core = new Core(compiled, words, framework);
  const step = STEPS[framework.name](compiled, words);
  const main = mainFunction(compiled, words, framework, core);
  const classes = CLASSES[framework.name](compiled, words);
  const blocks = [main, ...classes, core.value(), core.gradients(step.learning), step.lines].map((lines) =>
    lines.flatMap(wrapped).join('\n'),
  );
  const helpers = helperTexts(blocks.join('\n'), framework, compiled.name);
  const code = [...blocks, ...helpers].join('\n\n\n');
  const comment = safeLines(header)
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
  return `${comment}\n${imports(code, framework)}\n\n\n${code}\n`;
}

function imports(code: string, framework: Framework): string {
  const numpy = /\bnp\./.test(code) ? ['import numpy as np'] : [];
  const plain = /\bmath\./.test(code) ? ['import math', ''] : [];
  return [...plain, ...[...framework.imports, ...numpy].sort()].join('\n');
}

function mainFunction(compiled: CompiledLoss, words: Words, framework: Framework, core: Core): string[] {
  const reading = readInputs(compiled, words, framework);
  const options = optionArguments(compiled, framework.reduction);
  // A loss that Keras must not call as a plain function, since it would then average the sample weights away.
  const byName = framework.name === 'Keras 3' && compiled.scalar && isKerasLoss(compiled);
  const given = byName
    ? [
        '*given',
        ...words.inputs.map((name) => `${name}=None`),
        ...parameterArguments(compiled, words),
        ...options,
      ]
    : [...words.inputs, ...parameterArguments(compiled, words), '*', ...options];
  const predictions = compiled.inputs
    .filter((input) => !input.data)
    .map((input) => framework.type(words.inputs[input.position]!));
  const value = `_items(${core.arguments.join(', ')})`;
  const result = compiled.scalar
    ? value
    : `_reduced(${value}, items, ${reading.counts}, reduction, sample_weight)`;
  return [
    ...(framework.name === 'Keras 3' ? ["@keras.saving.register_keras_serializable(package='lossc')"] : []),
    `def ${words.loss}(${given.join(', ')}):`,
    ...indented([
      ...functionDoc(compiled, words, framework),
      ...(byName
        ? [
            'if given:',
            `    raise ValueError('${compiled.name}: call it with names; for model.compile there is ${words.className}()')`,
          ]
        : []),
      ...(compiled.scalar
        ? [
            'if sample_weight is not None:',
            `    raise ValueError('${compiled.name}: it reduces the batch itself, so sample_weight has no meaning')`,
          ]
        : []),
      ...reading.lines.flatMap((line, i) =>
        i === compiled.inputs.filter((input) => !input.data).length
          ? [`result_type = ${framework.commonType(predictions)}`, line]
          : [line],
      ),
      ...(result.length > 60
        ? [`loss = ${result}`, `return ${framework.cast('loss', 'result_type')}`]
        : [`return ${framework.cast(result, 'result_type')}`]),
    ]),
  ];
}
