import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connection, MessageType, ShowMessageNotification } from 'vscode-languageserver/node';
import type { Answer } from './commands.js';

/**
 * Shows what a command has to say to who pressed a code lens: editors drop what the request returns. A picture is opened by the
 * editor where it can open files.
 */
export function show(connection: Connection, { text, isPicture, failed }: Answer, canOpen: boolean): void {
  const say = (message: string): void => {
    const type = failed === true ? MessageType.Error : MessageType.Info;
    void connection.sendNotification(ShowMessageNotification.type, { type, message });
  };
  if (isPicture !== true) {
    say(text);
    return;
  }
  const file = join(mkdtempSync(join(tmpdir(), 'lossc-plot-')), 'loss.svg');
  writeFileSync(file, text);
  if (canOpen) void connection.window.showDocument({ uri: pathToFileURL(file).href, external: true });
  else say(`drawn: ${file}`);
}
