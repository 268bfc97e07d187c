/** What the values of the public API are told by, with the function that makes each. */
import { Graph } from '../../compiler/graph/graph.js';
import { type Expectation, FUNCTION, hasFields, isRecord, TEXT, wholeFrom } from './demand.js';

export const SOURCE: Expectation = {
  what: '{ name, text }',
  holds: (value) => hasFields(value, { name: TEXT, text: TEXT }),
  cure: (value) =>
    typeof value === 'string'
      ? 'write { name: "my.loss", text } for a string, readLossFile(path) for a file'
      : undefined,
};

export const RESOLVER: Expectation = { ...FUNCTION, cure: () => 'importResolver(path) makes one' };

export const PROGRAM: Expectation = {
  what: 'a program',
  holds: (value) => isRecord(value) && isRecord(value['module']) && Array.isArray(value['diagnostics']),
  cure: () => 'loadProgram({ name, text }) makes one',
};

export const DECLARATION: Expectation = {
  what: 'the declaration of a loss',
  holds: (value) => isRecord(value) && value['kind'] === 'loss' && isRecord(value['name']),
  cure: (value) =>
    typeof value === 'string'
      ? `lossesOf(program).find((loss) => loss.name.name === ${JSON.stringify(value)}) finds it`
      : Array.isArray(value)
        ? 'take one of them'
        : 'lossesOf(program) has those of a program',
};

export const COMPILED: Expectation = {
  what: 'a compiled loss',
  holds: (value) =>
    isRecord(value) &&
    value['gradients'] instanceof Map &&
    isRecord(value['lowered']) &&
    isNode(value['value']),
  cure: () => 'compileLoss(program, declaration) makes one',
};

export const ORIGIN: Expectation = {
  what: '{ version, file }',
  holds: (value) => hasFields(value, { version: TEXT, file: TEXT }),
  cure: () => 'the version of lossc and the name of the .loss file, for the header of the text',
};

const isNode = (value: unknown): boolean =>
  isRecord(value) && typeof value['op'] === 'string' && Array.isArray(value['args']);

export const GRAPH: Expectation = {
  what: 'a graph',
  holds: (value) => value instanceof Graph,
  cure: () => 'the graph of a compiled loss is compiled.lowered.graph',
};

export const NODE: Expectation = {
  what: 'a node of the graph',
  holds: isNode,
  cure: () => 'compiled.formula.value is one, and so are those that compiled.formula.gradients has by name',
};

const isArray = (value: unknown): boolean =>
  isRecord(value) && Array.isArray(value['shape']) && value['data'] instanceof Float64Array;

export const ARRAY: Expectation = {
  what: '{ shape, data: Float64Array }',
  holds: (value) =>
    isArray(value) &&
    (value as { shape: number[] }).shape.reduce((a, b) => a * b, 1) ===
      (value as { data: Float64Array }).data.length,
  cure: () => 'arrayOf(nested lists) makes one',
};

const isNested = (value: unknown): boolean =>
  typeof value === 'number' || (Array.isArray(value) && value.every(isNested));

export const NESTED: Expectation = {
  what: 'a number or nested lists of numbers',
  holds: isNested,
  cure: (value) => (ArrayBuffer.isView(value) ? 'Array.from makes a list of it' : undefined),
};

const mapOf = (what: string, value: Expectation, cure: string): Expectation => ({
  what,
  holds: (given) =>
    given instanceof Map &&
    [...given].every(([name, entry]) => typeof name === 'string' && value.holds(entry)),
  cure: () => cure,
});

export const INPUTS = mapOf(
  'a Map from names to { shape, data }',
  ARRAY,
  'new Map([["target", arrayOf([0, 2])], …])',
);
export const PARAMETERS = mapOf(
  'a Map from names to numbers or nested lists',
  NESTED,
  'new Map([["gamma", 2]]), or new Map() for the defaults',
);

export const EXPLANATION: Expectation = {
  what: 'an explanation',
  holds: (value) => isRecord(value) && Array.isArray(value['findings']),
  cure: () => 'explainLoss(program, declaration) makes one',
};

export const EXPRESSION: Expectation = {
  what: 'a syntax tree',
  holds: (value) => isRecord(value) && typeof value['kind'] === 'string',
  cure: (value) =>
    isNode(value) ? 'raise(graph, node).result is the tree of a node' : 'parseExpression(text) makes one',
};

export const FILE: Expectation = {
  what: 'a parsed file',
  holds: (value) => isRecord(value) && Array.isArray(value['declarations']),
  cure: (value) =>
    isRecord(value) && isRecord(value['file']) ? 'take its field file' : 'parse({ name, text }).file is one',
};

export const DIAGNOSTIC: Expectation = {
  what: 'a diagnostic',
  holds: (value) => isRecord(value) && isRecord(value['span']) && typeof value['message'] === 'string',
  cure: (value) => (Array.isArray(value) ? 'take them one by one' : undefined),
};

export const LOGITS: Expectation = {
  what: 'true, false or a list of names of predictions',
  holds: (value) =>
    typeof value === 'boolean' || (Array.isArray(value) && value.every((name) => typeof name === 'string')),
};
export const CLASSES = wholeFrom(2);
