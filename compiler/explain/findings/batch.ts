import type { CompiledLoss } from '../../compile.js';
import type { Finding } from '../explanation.js';

/** `reduces batch` and `coupled`: whether a batch may be split. */
export function explainBatch(compiled: CompiledLoss): Finding[] {
  if (compiled.scalar) {
    return [
      {
        topic: 'batch',
        property: 'reduces batch',
        status: 'proved',
        holds: true,
        statement:
          'The loss reduces the batch itself: it is one number, and the `reduction` option has no effect.',
        reason:
          'The value has no batch axis. Smaller batches give a different loss; sample weights are not possible.',
      },
    ];
  }
  if (compiled.coupled) {
    return [
      {
        topic: 'batch',
        property: 'coupled',
        status: 'proved',
        holds: true,
        statement: 'The loss couples the items of a batch: it cannot be split into smaller batches.',
        reason: 'In the formula, the value of an item contains other items.',
      },
    ];
  }
  return [
    {
      topic: 'batch',
      property: 'coupled',
      status: 'proved',
      holds: false,
      statement: 'Each item has its own value, so a batch may be split.',
      reason: 'In the formula, no item contains another one.',
    },
  ];
}
