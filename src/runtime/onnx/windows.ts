/** Windows that move over an image, with the padding of TensorFlow. */

interface Windows {
  readonly size: number;
  readonly strides: number;
  readonly padding: 'same' | 'valid';
}

/** How windows lie along one side: how many, and the zeros that are put before and behind. */
interface Side {
  readonly count: number;
  readonly before: number;
  readonly behind: number;
  /** Entries at the end that no window reaches. */
  readonly unseen: number;
}

export function sideOf(length: number, { size, strides, padding }: Windows): Side {
  const count = padding === 'same' ? Math.ceil(length / strides) : Math.floor((length - size) / strides) + 1;
  const reach = (count - 1) * strides + size;
  const total = Math.max(reach - length, 0);
  const before = Math.floor(total / 2);
  return { count, before, behind: total - before, unseen: Math.max(length - reach, 0) };
}
