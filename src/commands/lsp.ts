import type { Define } from './command.js';
import { addOptions, type Rows } from './option-table.js';

interface ServerOptions {
  readonly stdio?: boolean;
}

const ROWS: Rows<ServerOptions> = {
  stdio: { flags: '--stdio', says: 'speak on standard input and output, as is done anyway: editors add it' },
};

/** `lossc lsp`: a server of the Language Server Protocol, for editors. */
export const define: Define = (command) => {
  addOptions(command, ROWS).action(async () => {
    const { startServer } = await import('../language-server/server.js');
    startServer();
  });
};
