import { messageOf } from '../../../errors.js';
import { type Schema, validated } from '../../../read-json.js';

/** A line that is meant as a message. */
const MEANT = /^\s*\{\s*"type"\s*:/;

/** The message of a line; undefined for a line that is none, and a sentence for one that is meant as one and is wrong. `who` sent it. */
export function readMessage<T extends object>(
  line: string,
  schema: Schema<T>,
  who: string,
): T | string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return MEANT.test(line) ? `${who} sent a line that is not JSON: ${line.slice(0, 80)}` : undefined;
  }
  if (typeof value !== 'object' || value === null || !('type' in value)) return undefined;
  try {
    return validated(value, schema, `${who} sent something that is not a message`);
  } catch (thrown) {
    return messageOf(thrown);
  }
}
