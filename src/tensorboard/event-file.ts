/** Files of numbers over steps that TensorBoard reads. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { RunError, readProblem } from '../errors.js';
import { makeFolder } from '../files.js';
import { crc32c } from './crc32c.js';

/** Fields of `tensorboard.Event` and `tensorboard.Summary.Value`: event.proto and summary.proto of TensorBoard. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;
/** What every file begins with. */
const FILE_VERSION = 'brain.Event:2';
/** What a checksum is masked with, so that the checksum of data that hold checksums is another. TensorFlow, tsl/lib/hash/crc32c.h. */
const MASK = 0xa282ead8;

export class EventFile {
  readonly #descriptor: number;

  private constructor(readonly path: string) {
    this.#descriptor = openSync(path, 'a');
  }

  /**
   * A new file in a folder, which is made where it is missing. TensorBoard joins those of one folder: a run that goes on writes another.
   * Throws a RunError where it cannot be written.
   */
  static in(folder: string): EventFile {
    try {
      makeFolder(folder);
      const file = new EventFile(join(folder, `events.out.tfevents.${Date.now()}.lossc`));
      file.#append((event) => event.tag(EVENT.fileVersion, WireType.LengthDelimited).string(FILE_VERSION));
      return file;
    } catch (thrown) {
      if (thrown instanceof RunError) throw thrown;
      throw new RunError(
        `cannot write event files into ${folder}: ${readProblem(thrown)}`,
        'choose another folder for --tensorboard',
      );
    }
  }

  /** One number of one step. It is in the file when this returns. */
  scalar(tag: string, value: number, step: number): void {
    this.#append((event) =>
      event
        .tag(EVENT.step, WireType.Varint)
        .int64(step)
        .tag(EVENT.summary, WireType.LengthDelimited)
        .fork()
        .tag(SUMMARY_VALUE, WireType.LengthDelimited)
        .fork()
        .tag(VALUE.tag, WireType.LengthDelimited)
        .string(tag)
        .tag(VALUE.simpleValue, WireType.Bit32)
        .float(value)
        .join()
        .join(),
    );
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #append(fields: (event: BinaryWriter) => BinaryWriter): void {
    const event = new BinaryWriter().tag(EVENT.wallTime, WireType.Bit64).double(Date.now() / 1000);
    writeSync(this.#descriptor, record(fields(event).finish()));
  }
}

/** Length, its checksum, the data, theirs: https://www.tensorflow.org/tutorials/load_data/tfrecord. */
function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 + data.length + 4);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, masked(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, masked(data), true);
  return bytes;
}

function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK) >>> 0;
}
