const LENGTH = 'the length of an axis is `size(axis)`';
/** Methods and parts that no function here is called like. */
const METHODS: Readonly<Record<string, string>> = {
  shape: LENGTH,
  size: LENGTH,
  T: 'axes are matched by name, so nothing is transposed',
  pow: 'write `x^2`',
  values: 'leave it out: `max(x, axis)` is the value',
};

/** What is written for a method or a part of a value, where no function is called like it. */
export const methodHint = (name: string): string | undefined =>
  Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
