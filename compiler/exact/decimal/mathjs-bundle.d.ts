declare module 'mathjs/lib/browser/math.js' {
  const bundle: {
    readonly create: (
      factories: object,
      config?: { readonly precision: number },
    ) => {
      readonly BigNumber: import('./number.js').BigNumberClass;
      readonly parse: (text: string) => import('mathjs').MathNode;
    };
    readonly BigNumberDependencies: object;
    readonly parseDependencies: object;
  };
  export = bundle;
}
