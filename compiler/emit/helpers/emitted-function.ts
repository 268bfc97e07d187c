export interface EmittedParameter {
  readonly name: string;
  readonly type: string;
  readonly initializer?: string;
}

/** A function of an emitted module. */
export interface EmittedFunction {
  readonly name: string;
  readonly parameters: readonly EmittedParameter[];
  readonly returns: string;
  /** As JavaScript. */
  readonly body: string;
  /** As TypeScript, where it has types. */
  readonly typedBody?: string;
  readonly doc: string;
  readonly exported: boolean;
  /** Narrower forms for callers, the last of which is the general one; TypeScript only. */
  readonly overloads?: readonly { readonly options: string; readonly returns: string }[];
}
