import { extname } from 'node:path';
import type { Command } from 'commander';
import { sampleLoss } from '../../compiler/explain/plot/sampled.js';
import { PlotError, plotLosses } from '../charts/plot.js';
import { pngOf } from '../charts/png.js';
import { UsageError } from '../errors.js';
import { writeFileSafely } from '../files.js';
import { print } from '../terminal.js';
import type { Define } from './command.js';
import { readLosses } from './comparison-losses.js';
import { addOptions, askedOf, PARAMETER_ROW, type Rows } from './option-table.js';
import { parameterFamilies } from './parameter-families.js';
import { CLASSES_ROW, requireClasses } from './shape-options.js';

interface PlotOptions {
  readonly out: string;
  readonly param: readonly string[];
  readonly classes: number;
}

const isPng = (path: string): boolean => extname(path).toLowerCase() === '.png';

function pictureFile(text: string): string {
  if (isPng(text) || extname(text).toLowerCase() === '.svg') return text;
  throw new UsageError(
    `"${text}" does not end in .svg or .png`,
    'write --out losses.svg or --out losses.png',
  );
}

const ROWS: Rows<PlotOptions> = {
  out: {
    flags: '--out <file>',
    says: 'the file to write, SVG or PNG by its extension',
    byDefault: 'losses.svg',
    read: pictureFile,
  },
  param: {
    ...PARAMETER_ROW.param,
    says: 'set a parameter; several values give a curve each: gamma=0,1,2 (repeat for each)',
  },
  ...CLASSES_ROW,
};

/** `lossc plot FILE… --out X.svg`: losses and their gradients in one picture, which may be a PNG. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('<file...>', 'losses to plot: FILE, FILE:NAME or std/NAME')
    .action(async (files: string[], options: PlotOptions, self: Command) => {
      const losses = parameterFamilies(readLosses(files), options.param);
      if (askedOf(self).given.has('classes')) {
        const drawn = losses.flatMap(({ program, decl }) =>
          sampleLoss(program, decl, options).map(({ classes }) => classes),
        );
        requireClasses(losses.map(({ decl }) => decl.name.name).join(', '), options.classes, drawn);
      }
      try {
        const svg = plotLosses(losses, { classes: options.classes });
        writeFileSafely(options.out, isPng(options.out) ? await pngOf(svg) : svg);
      } catch (error) {
        if (error instanceof PlotError) throw new UsageError(error.message);
        throw error;
      }
      print(`wrote ${options.out}`);
    });
};
