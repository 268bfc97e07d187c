import { activate, deactivate, type Opened } from './activate.js';

/** Plain JavaScript: always there, many times slower than wasm. */
export async function openCpu(): Promise<Opened> {
  await import('@tensorflow/tfjs-backend-cpu');
  await activate('cpu');
  return { found: true, device: 'plain JavaScript, 1 thread', close: () => deactivate('cpu') };
}
