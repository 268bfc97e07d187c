import { extname } from 'node:path';
import type { Command } from 'commander';
import { sampleLoss } from '../../compiler/explain/plot/sampled.js';
import { PlotError, plotLosses } from '../charts/plot.js';
import { UsageError } from '../errors.js';
import { writeFileSafely } from '../files.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { readLosses } from './comparison-losses.js';
import { withParameters } from './given-parameters.js';
import { addOptions, askedOf, PARAMETER_ROW, type Rows } from './option-table.js';
import { CLASSES_ROW, requireClasses } from './shape-options.js';

interface PlotOptions {
  readonly out: string;
  readonly param: readonly string[];
  readonly classes: number;
}

function svgFile(text: string): string {
  if (extname(text).toLowerCase() === '.svg') return text;
  throw new UsageError(`"${text}" does not end in .svg, and what is drawn is SVG`, 'write --out losses.svg');
}

const ROWS: Rows<PlotOptions> = {
  out: {
    flags: '--out <file>',
    says: 'the SVG file to write',
    byDefault: 'losses.svg',
    read: svgFile,
  },
  ...PARAMETER_ROW,
  ...CLASSES_ROW,
};

/** `lossc plot FILE… --out X.svg`: losses and their gradients in one picture. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file...>', 'losses to draw, FILE or FILE:NAME or std/NAME')
    .action((files: string[], options: PlotOptions, self: Command) => {
      const losses = withParameters(readLosses(files), options.param);
      if (askedOf(self).given.has('classes')) {
        const drawn = losses.map(({ program, decl }) => sampleLoss(program, decl, options)?.classes);
        requireClasses(losses.map(({ decl }) => decl.name.name).join(', '), options.classes, drawn);
      }
      try {
        writeFileSafely(options.out, plotLosses(losses, { classes: options.classes }));
      } catch (error) {
        if (error instanceof PlotError) throw new UsageError(error.message);
        throw error;
      }
      print(`wrote ${options.out}`);
    });
};
