import type { CompiledLoss } from '../../compile.js';
import { BATCH } from '../../graph/axes.js';
import { reachable } from '../../graph/graph.js';
import { indented, tuple } from './text.js';
import type { Words } from './words.js';

/** The function that gives a framework the value together with lossc's own gradient. It is called `_items`. */
export interface Step {
  readonly lines: readonly string[];
  /** Whether `_gradients` is told when no parameter is learnt. */
  readonly learning: boolean;
}

/** The leaves that get a gradient: positions among the arguments, predictions first. */
const differentiable = (compiled: CompiledLoss): readonly number[] => [
  ...compiled.inputs.flatMap((input, i) => (input.data ? [] : [i])),
  ...compiled.parameters.map((_, i) => compiled.inputs.length + i),
];

/** Names on the left of an assignment from a tuple. */
const tuplePattern = (names: readonly string[]): string =>
  names.length === 1 ? `${names[0]},` : names.join(', ');

/** Whether the value of an item is that of a batch of it alone: it knows neither the other items, nor their number, nor its place. */
const isMadeOfItems = ({ scalar, coupled, value, gradients }: CompiledLoss): boolean =>
  !scalar &&
  !coupled &&
  !reachable([value, ...gradients.values()]).some(
    ({ op, axis }) => (op === 'size' || op === 'index') && (axis & BATCH) !== 0,
  );

export const STEPS = {
  PyTorch: (compiled: CompiledLoss, words: Words): Step => {
    const all = [...words.inputs, ...words.parameters];
    const wanted = differentiable(compiled).map((i) => `d_${all[i]}`);
    const given = all.map((name, i) => (compiled.inputs[i]?.data === true ? 'None' : `d_${name}`));
    const parameters = compiled.parameters.length > 0;
    const learning = `any(ctx.needs_input_grad[${words.inputs.length}:])`;
    const blocks = isMadeOfItems(compiled);
    const inputs = words.inputs.join(', ');
    const value = `_value(${all.join(', ')})`;
    const gradients = `_gradients(${[...all, 'seed', ...(parameters ? ['learning'] : [])].join(', ')})`;
    const found = `${tuplePattern(wanted)} = `;
    return {
      learning: true,
      lines: [
        'class _Items(torch.autograd.Function):',
        ...indented([
          '"""The loss with the gradient that lossc derived, which can be differentiated once more."""',
          '',
          'generate_vmap_rule = True',
          '',
          '@staticmethod',
          'def forward(*args):',
          `    *context, ${all.join(', ')} = args`,
          '    for ctx in context:  # PyTorch 1 hands it over here, PyTorch 2 to setup_context',
          `        ctx.save_for_backward(${all.join(', ')})`,
          ...(blocks
            ? [
                '',
                `    def _block(${inputs}):`,
                `        return (${value},)`,
                '',
                `    return _in_blocks(_block, ${tuple(words.inputs)})[0]`,
              ]
            : [`    return ${value}`]),
          '',
          '@staticmethod',
          'def setup_context(ctx, inputs, output):',
          '    ctx.save_for_backward(*inputs)',
          '',
          '@staticmethod',
          'def backward(ctx, seed):',
          `    ${tuplePattern(all)} = ctx.saved_tensors`,
          ...(parameters ? [`    learning = ${learning}`] : []),
          ...(blocks
            ? [
                '',
                `    def _block(${inputs}, seed):`,
                `        return ${gradients}`,
                '',
                `    ${found}_in_blocks(_block, (${inputs}, seed)${parameters ? ', learning' : ''})`,
              ]
            : [`    ${found}${gradients}`]),
          `    return ${given.length === 1 ? given[0] : given.join(', ')}`,
        ]),
        '',
        '',
        '_items = _Items.apply',
      ],
    };
  },
  JAX: (compiled: CompiledLoss, words: Words): Step => {
    const all = [...words.inputs, ...words.parameters];
    const wanted = differentiable(compiled).map((i) => `d_${all[i]}`);
    const given = all.map((name, i) => (compiled.inputs[i]?.data === true ? 'None' : `d_${name}`));
    return {
      learning: false,
      lines: [
        'def _backward(args, seed):',
        ...indented([
          `${tuplePattern(wanted)} = _gradients(*args, seed)`,
          `return ${given.length === 1 ? `${given[0]},` : given.join(', ')}`,
        ]),
        '',
        '',
        '# The loss with the gradient that lossc derived.',
        '_items = jax.custom_vjp(_value)',
        '_items.defvjp(lambda *args: (_value(*args), args), _backward)',
      ],
    };
  },
  'Keras 3': (compiled: CompiledLoss, words: Words): Step => {
    const all = [...words.inputs, ...words.parameters];
    const wanted = differentiable(compiled).map((i) => all[i]!);
    const one = wanted.length === 1;
    return {
      learning: false,
      lines: [
        `def _items(${all.join(', ')}):`,
        ...indented([
          '"""The loss with the gradient that lossc derived."""',
          '@ops.custom_gradient',
          `def items(${wanted.join(', ')}):`,
          '    def gradient(*args, upstream=None):',
          '        seed = args[0] if upstream is None else upstream  # PyTorch names it, the others do not',
          `        found = _gradients(${all.join(', ')}, seed)`,
          `        return found${one ? '[0]' : ''}`,
          '',
          `    return _value(${all.join(', ')}), gradient`,
          '',
          `return items(${wanted.join(', ')})`,
        ]),
      ],
    };
  },
} as const;
