import type { BackendChoice } from '../../training/messages.js';
import { element } from '../dom.js';

interface Bounds {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** A number with its name above it; what is no number counts as the first value. */
export function numberField(name: string, { value, min, max, step }: Bounds) {
  const input = element('input', {
    type: 'number',
    value: String(value),
    min: String(min),
    max: String(max),
    step: String(step),
  });
  return {
    element: element('label', { class: 'field' }, name, input),
    value(): number {
      const given = input.valueAsNumber;
      return Number.isFinite(given) ? Math.min(max, Math.max(min, given)) : value;
    },
  };
}

export const BACKENDS: Readonly<Record<BackendChoice, string>> = {
  automatic: 'automatic',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};

export function backendChoice() {
  const select = element(
    'select',
    {},
    ...Object.entries(BACKENDS).map(([value, text]) => element('option', { value }, text)),
  );
  return {
    element: element('label', { class: 'field' }, 'Backend', select),
    get value(): string {
      return select.value;
    },
  };
}
