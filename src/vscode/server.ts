/** The language server that comes with the extension. */
import { startServer } from '../language-server/server.js';

startServer();
