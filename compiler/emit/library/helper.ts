export interface EmittedParameter {
  readonly name: string;
  readonly type: string;
  readonly initializer?: string;
}

/** A function of an emitted module. `body` is both JavaScript and TypeScript; its types stand in comments, see tfjs/javascript.ts. */
export interface EmittedFunction {
  readonly name: string;
  readonly parameters: readonly EmittedParameter[];
  readonly returns: string;
  readonly body: string;
  readonly doc: string;
  readonly exported: boolean;
  /** Other helpers that the body calls. */
  readonly uses: readonly string[];
  /** Narrower forms for callers, the last of which is the general one; TypeScript only. */
  readonly overloads?: readonly { readonly options: string; readonly returns: string }[];
}

/** A helper: name, parameters as name, type and perhaps an initial value, result, doc, body, and the helpers it calls. */
export function helper(
  name: string,
  parameters: readonly (readonly [string, string, string?])[],
  returns: string,
  doc: string,
  body: string,
  uses: readonly string[] = [],
): EmittedFunction {
  return {
    name,
    parameters: parameters.map(([parameter, type, initializer]) => ({
      name: parameter,
      type,
      ...(initializer !== undefined && { initializer }),
    })),
    returns,
    body: body.trim(),
    doc,
    exported: false,
    uses,
  };
}
