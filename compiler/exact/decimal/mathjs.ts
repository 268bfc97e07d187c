/**
 * mathjs, from the one-file build inside its package: it loads in a tenth of the time that the 900 modules take. `npm run build` puts
 * it into this file, so that what is installed is this file and not all of mathjs. It is loaded when exact digits or a
 * formula for mathjs are asked for: import this file with `import()`.
 */
export { default as mathjs } from 'mathjs/lib/browser/math.js';
