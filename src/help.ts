import { Help, type Option } from 'commander';

/** An option as help shows it: lists as they are given, with commas, and an empty one not at all. */
export function optionDescription(option: Option): string {
  const { defaultValue } = option as { readonly defaultValue: unknown };
  if (!Array.isArray(defaultValue)) return new Help().optionDescription(option);
  const { description } = option;
  return defaultValue.length === 0 ? description : `${description} (default: ${defaultValue.join(',')})`;
}
