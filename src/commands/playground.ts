import { servePlayground } from '../playground/server.js';
import { print } from '../terminal.js';
import { type Define, numberThat } from './command.js';
import { addOptions, type Rows } from './option-table.js';
import { interruptible } from './run-options.js';

interface PlaygroundOptions {
  readonly port: number;
}

const ROWS: Rows<PlaygroundOptions> = {
  port: {
    flags: '--port <n>',
    says: 'port on this machine; 0 picks a free one',
    byDefault: 5677,
    read: numberThat(
      'a port, a whole number from 0 to 65535',
      (port) => Number.isInteger(port) && port >= 0 && port < 65536,
    ),
  },
};

/** `lossc playground`: serves the page that writes, explains, draws and trains losses, until Ctrl-C. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .addHelpText(
      'after',
      '\nThe page is served only on this machine and sends no data anywhere. `npm run build:playground` in a clone of lossc\n' +
        'writes it as a folder that any web server can serve.',
    )
    .action(async ({ port }: PlaygroundOptions) => {
      const { address, close } = await servePlayground(port);
      print(`The playground is at ${address}\nPress Ctrl-C to stop it.`);
      const interrupt = interruptible();
      await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve));
      interrupt.done();
      await close();
    });
};
