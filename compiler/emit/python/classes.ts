import type { CompiledLoss } from '../../compile.js';
import type { Words } from './words.js';

export const CLASSES = {
  PyTorch: (_compiled: CompiledLoss, _words: Words): string[][] => [],
  JAX: (_compiled: CompiledLoss, _words: Words): string[][] => [],
  'Keras 3': (_compiled: CompiledLoss, _words: Words): string[][] => [],
} as const;
