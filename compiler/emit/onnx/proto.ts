import { createFileRegistry, type DescMessage, fromJson, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { ONNX_SCHEMA } from './schema-texts.js';

/** Types of elements, by their numbers in `TensorProto.DataType`. */
export const TYPES = { float: 1, uint8: 2, int32: 6, int64: 7, string: 8, bool: 9 } as const;
export type ElementType = keyof typeof TYPES;

/** The messages of ONNX as far as models of losses have them, in the JSON form of protocol buffers. */
export interface TensorJson {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly floatData?: readonly (number | 'NaN' | 'Infinity' | '-Infinity')[];
  readonly int64Data?: readonly number[];
  readonly int32Data?: readonly number[];
  /** In base64. */
  readonly stringData?: readonly string[];
}

export interface AttributeJson {
  readonly name: string;
  readonly type: 'FLOAT' | 'INT' | 'STRING' | 'TENSOR' | 'GRAPH' | 'INTS';
  readonly f?: number;
  readonly i?: number;
  /** In base64. */
  readonly s?: string;
  readonly t?: TensorJson;
  readonly g?: GraphJson;
  readonly ints?: readonly number[];
}

export interface NodeJson {
  readonly opType: string;
  readonly domain?: string;
  readonly name?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly AttributeJson[];
}

type DimensionJson = { readonly dimValue: number } | { readonly dimParam: string };

export interface ValueJson {
  readonly name: string;
  readonly docString?: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape?: { readonly dim: readonly DimensionJson[] };
    };
  };
}

/** The body of a loop. It may use the values around it. */
export interface GraphJson {
  readonly name: string;
  readonly input: readonly ValueJson[];
  readonly output: readonly ValueJson[];
  readonly node: readonly NodeJson[];
}

export interface OpsetJson {
  readonly domain?: string;
  readonly version: number;
}

export interface FunctionJson {
  readonly name: string;
  readonly domain: string;
  readonly docString?: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly node: readonly NodeJson[];
  readonly opsetImport: readonly OpsetJson[];
}

export interface ModelJson {
  readonly irVersion: number;
  readonly opsetImport: readonly OpsetJson[];
  readonly producerName: string;
  readonly producerVersion: string;
  readonly docString: string;
  readonly graph: GraphJson & { readonly initializer: readonly TensorJson[] };
  readonly functions: readonly FunctionJson[];
}

let model: DescMessage | undefined;

function modelSchema(): DescMessage {
  if (model === undefined) {
    const file = fromJson(FileDescriptorProtoSchema, JSON.parse(ONNX_SCHEMA));
    model = createFileRegistry(file, () => undefined).getMessage('onnx.ModelProto')!;
  }
  return model;
}

/** A model as the bytes of an `.onnx` file. */
export const encodeModel = (json: ModelJson): Uint8Array =>
  toBinary(modelSchema(), fromJson(modelSchema(), json as never));
