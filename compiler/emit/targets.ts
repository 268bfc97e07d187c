import type { CompiledLoss } from '../compile.js';
import { headerText, type Origin } from './header.js';
import { latexDocument } from './latex/latex.js';
import type { ModelFile } from './onnx/model.js';
import type { Framework } from './python/framework.js';
import { JAX } from './python/jax.js';
import { KERAS } from './python/keras.js';
import { pythonModule } from './python/module.js';
import { TORCH } from './python/torch.js';
import { declarations } from './tfjs/declarations.js';
import { javascriptModule } from './tfjs/javascript.js';
import { emitModule } from './tfjs/module.js';
import type { ModuleKernel } from './tfjs/module-kernel.js';

export interface TextFile {
  /** Without a folder. */
  readonly fileName: string;
  readonly text: string;
}

/** A file of text, or of bytes where a target writes those. */
export type EmittedFile = TextFile | ModelFile;

const python = (compiled: CompiledLoss, origin: Origin, framework: Framework): readonly TextFile[] => [
  { fileName: `${compiled.name}.py`, text: pythonModule(compiled, framework, headerText(compiled, origin)) },
];

type Emitter = (
  compiled: CompiledLoss,
  origin: Origin,
  kernel?: ModuleKernel,
) => readonly EmittedFile[] | Promise<readonly EmittedFile[]>;

/** What a loss can be compiled to: a new target is a new row, and the type `Target` and the command line follow from it. */
const EMITTERS = {
  ts: async (compiled, origin, kernel) => {
    // It brings the TypeScript compiler, which takes longer to load than all else together.
    const { typescriptModule } = await import('./tfjs/typescript.js');
    const text = typescriptModule(emitModule(compiled, kernel), headerText(compiled, origin));
    return [{ fileName: `${compiled.name}.ts`, text }];
  },
  js: (compiled, origin, kernel) => {
    const module = emitModule(compiled, kernel);
    const header = headerText(compiled, origin);
    return [
      { fileName: `${compiled.name}.js`, text: javascriptModule(module, header) },
      { fileName: `${compiled.name}.d.ts`, text: declarations(module, header) },
    ];
  },
  latex: (compiled, origin) => [
    { fileName: `${compiled.name}.tex`, text: latexDocument(compiled, headerText(compiled, origin)) },
  ],
  keras: (compiled, origin) => python(compiled, origin, KERAS),
  pytorch: (compiled, origin) => python(compiled, origin, TORCH),
  jax: (compiled, origin) => python(compiled, origin, JAX),
  onnx: async (compiled, origin) => {
    // It brings the library of protocol buffers, which the others do without.
    const { onnxFiles } = await import('./onnx/model.js');
    return onnxFiles(compiled, origin);
  },
} as const satisfies Record<string, Emitter>;

export type Target = keyof typeof EMITTERS;
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
  const emit: (
    loss: CompiledLoss,
    from: Origin,
    own?: ModuleKernel,
  ) => readonly FileOf<T>[] | Promise<readonly FileOf<T>[]> = EMITTERS[target];
  return emit(compiled, origin, kernel);
}
