/** Reads event files of TensorBoard: records of protocol buffers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryReader } from '@bufbuild/protobuf/wire';

export interface Scalar {
  readonly tag: string;
  readonly value: number;
  readonly step: number;
}

/** The numbers in the event files of a folder, in order of their names and places. */
export const events = (folder: string): readonly Scalar[] =>
  readdirSync(folder)
    .filter((name) => name.includes('tfevents'))
    .sort()
    .flatMap((name) => scalarsIn(readFileSync(join(folder, name))));

function scalarsIn(bytes: Buffer): Scalar[] {
  const found: Scalar[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const event = fieldsOf(bytes.subarray(at + 12, at + 12 + length));
    const summary = event.get(5);
    if (summary !== undefined) {
      const value = fieldsOf(fieldsOf(summary as Uint8Array).get(1) as Uint8Array);
      found.push({
        tag: Buffer.from(value.get(1) as Uint8Array).toString('utf8'),
        value: value.get(2) as number,
        step: event.get(2) as number,
      });
    }
    at += 12 + length + 4;
  }
  return found;
}

/** The last of each field, by its number. */
function fieldsOf(bytes: Uint8Array): ReadonlyMap<number, number | Uint8Array> {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, number | Uint8Array>();
  while (reader.pos < reader.len) {
    const [field, type] = reader.tag();
    if (type === 0) fields.set(field, Number(reader.int64()));
    else if (type === 1) fields.set(field, reader.double());
    else if (type === 2) fields.set(field, reader.bytes());
    else fields.set(field, reader.float());
  }
  return fields;
}
