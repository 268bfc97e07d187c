import type { CompiledLoss } from '../compile.js';
import { headerText, type Origin } from './header.js';
import type { ModelFile } from './onnx/model.js';
import type { Framework } from './python/framework.js';
import type { ModuleKernel } from './tfjs/module-kernel.js';

export interface TextFile {
  /** Without a folder. */
  readonly fileName: string;
  readonly text: string;
}

/** A file of text, or of bytes where a target writes those. */
export type EmittedFile = TextFile | ModelFile;

async function python(
  compiled: CompiledLoss,
  origin: Origin,
  framework: Promise<Framework>,
): Promise<readonly TextFile[]> {
  const { pythonModule } = await import('./python/module.js');
  const text = pythonModule(compiled, await framework, headerText(compiled, origin));
  return [{ fileName: `${compiled.name}.py`, text }];
}

type Emitter = (
  compiled: CompiledLoss,
  origin: Origin,
  kernel?: ModuleKernel,
) => Promise<readonly EmittedFile[]>;

/**
 * What a loss can be compiled to: a new target is a new row, and the type `Target` and the command line follow from it. Each loads what it
 * needs when it is asked for, so that a page in a browser begins with the compiler alone.
 */
const EMITTERS = {
  ts: async (compiled, origin, kernel) => {
    const [{ emitModule }, { typescriptModule }] = await Promise.all([
      import('./tfjs/module.js'),
      // It brings the TypeScript compiler, which takes longer to load than all else together.
      import('./tfjs/typescript.js'),
    ]);
    const text = typescriptModule(emitModule(compiled, kernel), headerText(compiled, origin));
    return [{ fileName: `${compiled.name}.ts`, text }];
  },
  js: async (compiled, origin, kernel) => {
    const [{ emitModule }, { javascriptModule }, { declarations }] = await Promise.all([
      import('./tfjs/module.js'),
      import('./tfjs/javascript.js'),
      import('./tfjs/declarations.js'),
    ]);
    const module = emitModule(compiled, kernel);
    const header = headerText(compiled, origin);
    return [
      { fileName: `${compiled.name}.js`, text: javascriptModule(module, header) },
      { fileName: `${compiled.name}.d.ts`, text: declarations(module, header) },
    ];
  },
  latex: async (compiled, origin) => {
    const { latexDocument } = await import('./latex/latex.js');
    return [
      { fileName: `${compiled.name}.tex`, text: latexDocument(compiled, headerText(compiled, origin)) },
    ];
  },
  keras: (compiled, origin) =>
    python(
      compiled,
      origin,
      import('./python/keras.js').then(({ KERAS }) => KERAS),
    ),
  pytorch: (compiled, origin) =>
    python(
      compiled,
      origin,
      import('./python/torch.js').then(({ TORCH }) => TORCH),
    ),
  jax: (compiled, origin) =>
    python(
      compiled,
      origin,
      import('./python/jax.js').then(({ JAX }) => JAX),
    ),
  onnx: async (compiled, origin) => {
    const { onnxFiles } = await import('./onnx/model.js');
    return onnxFiles(compiled, origin);
  },
} as const satisfies Record<string, Emitter>;

/** What a loss can be compiled to: code for a library, a model in a file, or a document. */
export type Target = keyof typeof EMITTERS;
/** All targets by name, in the order in which they are shown. */
export const TARGETS = Object.keys(EMITTERS) as readonly Target[];

/** What the files of a target are. */
export type FileOf<T extends Target> = Awaited<ReturnType<(typeof EMITTERS)[T]>>[number];

/**
 * The files of a target for a compiled loss. Deterministic: the same loss, version and file name give the same files. Of the targets for
 * TensorFlow.js a module can carry the kernel of its loss along.
 */
export async function emitTarget<T extends Target>(
  target: T,
  compiled: CompiledLoss,
  origin: Origin,
  kernel?: ModuleKernel,
): Promise<readonly FileOf<T>[]> {
  const emit: (loss: CompiledLoss, from: Origin, own?: ModuleKernel) => Promise<readonly FileOf<T>[]> =
    EMITTERS[target];
  return emit(compiled, origin, kernel);
}
