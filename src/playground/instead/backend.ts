/** In the place of `src/runtime/backend.ts`, in the bundle of the page: all steps are made by TensorFlow.js. */
export const nativeRuntime = (): undefined => undefined;
