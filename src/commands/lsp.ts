import { printError } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

interface ServerOptions {
  readonly stdio?: boolean;
}

const ROWS: Rows<ServerOptions> = {
  stdio: { flags: '--stdio', says: 'use standard input and output (the default; editors pass this flag)' },
};

const HOW = 'examples/editors/README.md says how editors start it';

/** `lossc lsp`: a server of the Language Server Protocol, for editors. */
export const define: Define = (command) => {
  addOptions(command, ROWS).action(async () => {
    const { startServer } = await import('../language-server/server.js');
    let isClient = false;
    if (process.stdin.isTTY) printError(`lossc lsp waits for an editor. ${HOW}; Ctrl-C ends it`);
    // Before the server's own listener, which ends the process.
    process.stdin.once('end', () => {
      if (!isClient) printError(`error: no editor connected on standard input\n  = hint: ${HOW}`);
    });
    startServer(() => {
      isClient = true;
    });
  });
};
