import type { CompiledLoss } from '../../compile.js';
import { hasIgnored } from './inputs.js';
import { parameterArguments } from './signature.js';
import { docstring, indented } from './text.js';
import type { Words } from './words.js';

/** The loss as a class, where the framework has one for losses. */
type ClassOf = (compiled: CompiledLoss, words: Words) => readonly (readonly string[])[];

/** Attributes of every `nn.Module`: a parameter of such a name is kept under another. */
const OF_MODULES =
  'T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook register_module register_parameter register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train training type xpu zero_grad'.split(
    ' ',
  );

const torchModule: ClassOf = (compiled, words) => {
  const ignored = hasIgnored(compiled);
  const kept = words.parameters.map((name) => (OF_MODULES.includes(name) ? `${name}_` : name));
  const options = [
    ...(compiled.scalar ? [] : ["reduction='mean'"]),
    ...(ignored ? ['ignore_index=-100'] : []),
    ...(kept.length > 0 ? ['learnable=()'] : []),
  ];
  const given = [
    'self',
    ...parameterArguments(compiled, words),
    ...(options.length > 0 ? ['*', ...options] : []),
  ];
  const passed = [
    ...words.inputs,
    ...words.parameters.map((name, i) => `${name}=self.${kept[i]}`),
    ...(compiled.scalar ? [] : ['reduction=self.reduction']),
    'sample_weight=sample_weight',
    ...(ignored ? ['ignore_index=self.ignore_index'] : []),
  ];
  const named = words.parameters.map((name, i) => `('${name}', '${kept[i]}', ${name})`);
  const doc = `${words.loss} as a module.${kept.length > 0 ? ' Parameters named in learnable are trained with the network.' : ''}`;
  return [
    [
      `class ${words.className}(torch.nn.Module):`,
      ...indented([
        ...docstring([doc]),
        '',
        `def __init__(${given.join(', ')}):`,
        ...indented([
          'super().__init__()',
          ...(compiled.scalar ? [] : ['self.reduction = reduction']),
          ...(ignored ? ['self.ignore_index = ignore_index'] : []),
          ...(kept.length > 0 ? [`_hold(self, learnable, ${named.join(', ')})`] : []),
        ]),
        '',
        `def forward(self, ${words.inputs.join(', ')}, *, sample_weight=None):`,
        `    return ${words.loss}(${passed.join(', ')})`,
      ]),
    ],
  ];
};

/** Whether Keras can call the loss with labels and a prediction. */
export const isKerasLoss = ({ inputs }: CompiledLoss): boolean =>
  inputs.length === 2 && inputs.filter((input) => input.data).length === 1;

const kerasLoss: ClassOf = (compiled, words) => {
  if (!isKerasLoss(compiled)) return [];
  const ignored = hasIgnored(compiled);
  const own = [...words.parameters, ...(ignored ? ['ignore_index'] : [])];
  const given = [
    'self',
    ...parameterArguments(compiled, words),
    '*',
    ...(ignored ? ['ignore_index=-100'] : []),
    "reduction='sum_over_batch_size'",
    `name='${words.loss}'`,
    'dtype=None',
  ];
  const [target, prediction] = compiled.inputs[0]!.data ? words.inputs : [...words.inputs].reverse();
  const passed = [
    `${target}=y_true`,
    `${prediction}=y_pred`,
    ...(own.length > 0 ? ['**self.options'] : []),
    ...(compiled.scalar ? [] : ["reduction='none'"]),
  ];
  const call = `${words.loss}(${passed.join(', ')})`;
  const options = own.map((name) => `'${name}': ${name}`).join(', ');
  return [
    [
      "@keras.saving.register_keras_serializable(package='lossc')",
      `class ${words.className}(keras.losses.Loss):`,
      ...indented([
        ...docstring([
          `${words.loss} for model.compile(loss=...). It is saved and loaded with a model, once this file is imported.`,
        ]),
        '',
        `def __init__(${given.join(', ')}):`,
        ...indented([
          'super().__init__(name=name, reduction=reduction, dtype=dtype)',
          ...(own.length > 0 ? [`self.options = {${options}}`] : []),
        ]),
        ...(compiled.scalar
          ? [
              '',
              'def __call__(self, y_true, y_pred, sample_weight=None):',
              ...indented([
                'if sample_weight is not None:',
                `    raise ValueError('${compiled.name}: it reduces the batch itself, so sample_weight has no meaning')`,
                'return super().__call__(y_true, y_pred)',
              ]),
            ]
          : []),
        '',
        'def call(self, y_true, y_pred):',
        ...indented(
          ignored
            ? [
                `losses = ${call}`,
                "if self.reduction not in ('sum_over_batch_size', 'mean'):",
                '    return losses',
                "return losses / _share(y_true, self.options['ignore_index'], losses)",
              ]
            : [`return ${call}`],
        ),
        ...(own.length > 0
          ? [
              '',
              'def get_config(self):',
              '    return {**super().get_config(), **{name: _plain(x) for name, x in self.options.items()}}',
            ]
          : []),
      ]),
    ],
  ];
};

export const CLASSES: { readonly [K in 'PyTorch' | 'JAX' | 'Keras 3']: ClassOf } = {
  PyTorch: torchModule,
  JAX: () => [],
  'Keras 3': kerasLoss,
};
