import { fetchDataset, SOURCES } from '../runtime/data/fetch.js';
import { createProgress, print } from '../terminal.js';
import type { Define } from './command.js';

/** `lossc data fetch NAME`: the one command that uses the network. */
export const define: Define = (command) => {
  command
    .command('fetch')
    .description('download a data set into the cache and verify its checksums')
    .argument('<name>', Object.keys(SOURCES).join(', '))
    .action(async (name: string) => {
      const progress = createProgress();
      try {
        const folder = await fetchDataset(name, { onFile: (url) => progress.log(`fetching ${url}`) });
        print(`${name} is in ${folder}`);
      } finally {
        progress.end();
      }
    });
};
