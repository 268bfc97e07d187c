/** What modules are called, and whose functions they have. */
export const LIBRARIES: ReadonlyMap<string, 'torch' | 'numpy' | 'sympy' | 'math'> = new Map([
  ['torch', 'torch'],
  ['F', 'torch'],
  ['nn', 'torch'],
  ['functional', 'torch'],
  ['np', 'numpy'],
  ['numpy', 'numpy'],
  ['jnp', 'numpy'],
  ['jax', 'numpy'],
  ['scipy', 'numpy'],
  ['special', 'numpy'],
  ['sp', 'sympy'],
  ['sympy', 'sympy'],
  ['math', 'math'],
]);

/** Modules of others, whose functions differ in shapes and defaults. */
export const OTHER_LIBRARIES: ReadonlySet<string> = new Set([
  ...[
    'tf',
    'tensorflow',
    'K',
    'keras',
    'ops',
    'tfp',
    'mx',
    'paddle',
    'cupy',
    'cp',
    'pd',
    'pandas',
    'optax',
    'einops',
  ],
]);
