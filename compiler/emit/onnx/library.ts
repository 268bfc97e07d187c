import { FUNCTIONS, type FunctionName } from './functions.js';
import type { FunctionJson, OpsetJson } from './proto.js';
import { FUNCTIONS_DOMAIN, Scope, type Value } from './scope.js';

/** The version of ONNX's own operators that models are written in. */
const OPSET = 19;
/** The first version of ONNX's files that has this version of its operators. */
export const IR_VERSION = 9;

/** The functions that a model carries along: those that it calls, and those that they call, which come first. */
export class Library {
  readonly functions: FunctionJson[] = [];
  readonly #known = new Set<string>();

  /** What a function is called in the model. */
  called = (name: FunctionName, order: number): string => {
    const full = order === 0 ? name : `${name}_${order}`;
    if (!this.#known.has(full)) {
      this.#known.add(full);
      this.functions.push(this.#define(full, name, order));
    }
    return full;
  };

  #define(full: string, name: FunctionName, order: number): FunctionJson {
    const { doc, inputs, body } = FUNCTIONS[name];
    const input = ['x', 'y'].slice(0, inputs);
    const scope = new Scope<FunctionName>([...input, 'result'], this.called);
    scope.name(body(scope, input, order), 'result');
    return {
      name: full,
      domain: FUNCTIONS_DOMAIN,
      docString: order === 0 ? doc : `${doc} Order ${order}.`,
      input,
      output: ['result'],
      node: scope.nodes,
      opsetImport: [{ version: OPSET }, { domain: FUNCTIONS_DOMAIN, version: 1 }],
    };
  }
}

/** What a model imports. */
export const opsetsOf = (functions: readonly FunctionJson[]): readonly OpsetJson[] => [
  { version: OPSET },
  ...(functions.length > 0 ? [{ domain: FUNCTIONS_DOMAIN, version: 1 }] : []),
];

/** A scope that has the nodes of a function where others call it: a session is opened sooner where there is nothing to put in place. */
export class FlatScope extends Scope<FunctionName> {
  constructor(taken: Iterable<string>, prefix?: string) {
    // No function is called, so none is asked for its name.
    super(taken, (name) => name, prefix);
  }

  override call(name: FunctionName, inputs: readonly Value[], order = 0): Value {
    return FUNCTIONS[name].body(this, inputs, order);
  }

  override inner(): FlatScope {
    return new FlatScope(...this.innerNames());
  }
}
