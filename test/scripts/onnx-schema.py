"""Writes the schema of ONNX's files, as the Python package onnx has it: `python3 test/scripts/onnx-schema.py > compiler/emit/onnx/schema-texts.ts`."""
import json

import onnx
from google.protobuf import descriptor_pb2
from google.protobuf.json_format import MessageToDict

schema = descriptor_pb2.FileDescriptorProto()
onnx.ModelProto.DESCRIPTOR.file.CopyToProto(schema)
# The names that fields have in JSON, which Python leaves out.
for message in onnx.ModelProto.DESCRIPTOR.file.message_types_by_name.values():
    stack = [(message, next(m for m in schema.message_type if m.name == message.name))]
    for known, described in stack:
        stack += zip(known.nested_types, described.nested_type)
        for field in described.field:
            field.json_name = known.fields_by_name[field.name].camelcase_name
described = MessageToDict(schema)
messages = described.pop('messageType')
lines = ',\n'.join(json.dumps(message) for message in messages)
head = json.dumps(described)[1:-1]
print(f"""/**
 * The schema of ONNX's files (`{schema.name}`) as a file descriptor in JSON, a message on a line. Written by
 * `test/scripts/onnx-schema.py` from the package onnx {onnx.__version__} (Apache-2.0, https://onnx.ai). Do not edit.
 */
export const ONNX_SCHEMA = `{{{head}, "messageType": [
{lines}
]}}`;""")
