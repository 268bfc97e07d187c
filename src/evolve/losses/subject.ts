/** What a worker is set up with: the declarations a run works on, from text to trees. */

import { lowerLoss } from '../../../compiler/lower/lower.js';
import {
  type ImportResolver,
  loadProgram,
  type Module,
  type Program,
  programOf,
} from '../../../compiler/resolve/program.js';
import { LossError, type Source } from '../../../grammar/diagnostics/diagnostic.js';
import type { Decl, LossDecl, SketchDecl } from '../../../grammar/tree/ast.js';
import { RunError } from '../../errors.js';
import { asTrained } from '../../runtime/feeding/as-trained.js';
import { feedingOf, rolesOf } from '../../runtime/feeding/feeding.js';
import { checkTrainable } from '../../runtime/feeding/trainable.js';
import type { Learning, TaskKind } from '../../runtime/tasks/learning.js';
import type { Candidate } from '../model/candidate.js';
import type { NamedSources, Sources } from '../model/sources.js';

/** Reads everything that a text imports, through the resolver, so that it can be stored with a run. */
export function collectSources(source: Source, resolve: ImportResolver): Sources {
  const imports: { from: string; specifier: string; source: Source }[] = [];
  loadProgram(source, (specifier, from) => {
    const found = resolve(specifier, from);
    if (!('problem' in found)) imports.push({ from: from.name, specifier, source: found });
    return found;
  });
  return { source, imports };
}

function programOfSources({ source, imports }: Sources): Program {
  const program = loadProgram(source, (specifier, from) => {
    const found = imports.find((item) => item.from === from.name && item.specifier === specifier);
    return found?.source ?? { problem: 'it is not stored with the run' };
  });
  const errors = program.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LossError(errors, source);
  return program;
}

/** Functions and losses that may be called, of the file and of all files it imports from. */
export function libraryOf(program: Program): readonly Decl[] {
  const found = new Map<string, Decl>();
  const seen = new Set<Module>();
  const collect = (module: Module): void => {
    if (seen.has(module)) return;
    seen.add(module);
    for (const [name, { decl, module: home }] of module.callables) {
      if (decl.kind !== 'sketch' && !found.has(name)) found.set(name, decl);
      collect(home);
    }
  };
  collect(program.module);
  return [...found.values()];
}

function pick<D extends LossDecl | SketchDecl>(
  program: Program,
  kind: D['kind'],
  name: string | undefined,
): D {
  const all = program.module.file.declarations.filter((decl): decl is D => decl.kind === kind);
  const found = name === undefined ? all : all.filter((decl) => decl.name.name === name);
  const file = program.module.source.name;
  if (found.length === 1) return found[0]!;
  if (found.length === 0)
    throw new RunError(`${file} has no ${kind}${name === undefined ? '' : ` called ${name}`}`);
  const names = all.map((decl) => decl.name.name).join(', ');
  throw new RunError(`${file} has several: ${names}`, `say which ${kind} is meant`);
}

export interface SketchSubject {
  readonly sketch: SketchDecl;
  readonly library: readonly Decl[];
}

/** The sketch of a text, checked. Throws a LossError for mistakes in it, a RunError if there is none so named. */
export function readSketch(sources: Sources, name?: string): SketchSubject {
  const program = programOfSources(sources);
  const sketch = pick<SketchDecl>(program, 'sketch', name);
  const errors = lowerLoss(program, sketch).diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LossError(errors, sources.source);
  return { sketch, library: libraryOf(program) };
}

/** Throws a RunError for a sketch of which no loss could be trained in learning this. */
export function requireFed({ sketch, library }: SketchSubject, learning: Learning): void {
  const { loss } = lowerLoss(programOf([sketch], library), asTrained(sketch, learning.task));
  if (loss !== undefined) feedingOf(loss, learning);
}

/** The loss of a text, checked, in the program that it stands in. */
export function openLoss(
  sources: Sources,
  name?: string,
): { readonly program: Program; readonly loss: LossDecl } {
  const program = programOfSources(sources);
  const loss = pick<LossDecl>(program, 'loss', name);
  const errors = lowerLoss(program, loss).diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new LossError(errors, sources.source);
  return { program, loss };
}

/** The loss of a text, checked. */
export function readLoss(sources: Sources, name?: string): Candidate {
  const { program, loss } = openLoss(sources, name);
  return { loss, library: libraryOf(program).filter((decl) => decl !== loss) };
}

/** Tasks by how much their signatures ask of a loss. */
const BY_SIGNATURE: readonly TaskKind[] = [
  'mean-and-variance',
  'quantiles',
  'regression',
  'multi-label',
  'classification',
];

/** The task that these losses are written for, by their signatures; a classification where there are none, or nothing fits all. */
export function taskOfLosses(losses: readonly NamedSources[]): TaskKind {
  if (losses.length === 0) return 'classification';
  const opened = losses.map(({ sources, name }) => openLoss(sources, name));
  const isFor =
    (task: TaskKind) =>
    ({ program, loss }: (typeof opened)[number]) => {
      try {
        const lowered = lowerLoss(program, asTrained(loss, task)).loss;
        if (lowered !== undefined) rolesOf(lowered, task);
        return lowered !== undefined;
      } catch (thrown) {
        if (thrown instanceof RunError) return false;
        throw thrown;
      }
    };
  return BY_SIGNATURE.find((task) => opened.every(isFor(task))) ?? 'classification';
}

/** Throws for a loss that the winner is to be compared with and that could not be trained in learning this. */
export function requireCompared(sources: Sources, name: string | undefined, learning: Learning): void {
  const { loss, library } = readLoss(sources, name);
  checkTrainable(programOf([loss], library), loss, learning);
}
