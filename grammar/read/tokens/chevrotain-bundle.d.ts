/** The one-file build of Chevrotain has no types of its own. */
declare module '*/chevrotain.min.mjs' {
  export * from 'chevrotain';
}
