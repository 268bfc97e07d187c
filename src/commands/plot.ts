import { PlotError, plotLosses } from '../plot/plot.js';
import { print } from '../terminal.js';
import { writeFileSafely } from '../write-file.js';
import { type Define, UsageError, wholeNumber } from './command.js';
import { readLosses } from './comparison-losses.js';

/** `lossc plot FILE… --out X.svg`: losses and their gradients in one picture. */
export const define: Define = (command) => {
  command
    .argument('<file...>', 'losses to draw, FILE or FILE:NAME or std/NAME')
    .option('--out <file>', 'the SVG file to write', 'losses.svg')
    .option('--classes <n>', 'number of classes', wholeNumber(2), 10)
    .action((files: string[], options: { out: string; classes: number }) => {
      const losses = readLosses(files);
      try {
        writeFileSafely(options.out, plotLosses(losses, { classes: options.classes }));
      } catch (error) {
        if (error instanceof PlotError) throw new UsageError(error.message);
        throw error;
      }
      print(`wrote ${options.out}`);
    });
};
