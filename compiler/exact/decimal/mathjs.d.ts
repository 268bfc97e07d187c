declare module 'mathjs/lib/browser/math.js' {
  const bundle: {
    readonly create: (
      factories: object,
      config: { readonly precision: number },
    ) => { readonly BigNumber: import('./number.js').BigNumberClass };
    readonly BigNumberDependencies: object;
  };
  export = bundle;
}
