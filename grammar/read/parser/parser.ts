import type { CstNode, IParserErrorMessageProvider, ParserMethod } from 'chevrotain';
import { CstParser } from '../tokens/chevrotain.js';
import * as t from '../tokens/tokens.js';

type Rule = ParserMethod<[], CstNode>;

/**
 * The whole grammar, in one file and without actions, so that it can be read as one. Four things are read more widely than the language allows,
 * so that one good message can be given later: a default on an input, statements of any kind in any order in a body,
 * named arguments before positional ones, and names with dots as values and domains. NewLine and BodyEnd come from the line filter.
 */
export class LossParser extends CstParser {
  readonly declaration: Rule = this.RULE('declaration', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDeclaration) },
      { ALT: () => this.SUBRULE(this.lossDeclaration) },
      { ALT: () => this.SUBRULE(this.sketchDeclaration) },
      { ALT: () => this.SUBRULE(this.fnDeclaration) },
      { ALT: () => this.SUBRULE(this.testDeclaration) },
    ]);
  });

  readonly importDeclaration: Rule = this.RULE('importDeclaration', () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.LeftCurly);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Name) });
    this.CONSUME(t.RightCurly);
    this.CONSUME(t.From);
    this.CONSUME(t.Text);
  });

  readonly lossDeclaration: Rule = this.RULE('lossDeclaration', () => {
    this.CONSUME(t.Loss);
    this.CONSUME(t.Name);
    this.SUBRULE(this.signature);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.body);
  });

  readonly sketchDeclaration: Rule = this.RULE('sketchDeclaration', () => {
    this.CONSUME(t.Sketch);
    this.CONSUME(t.Name);
    this.SUBRULE(this.signature);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.body);
    this.SUBRULE(this.holes);
  });

  readonly fnDeclaration: Rule = this.RULE('fnDeclaration', () => {
    this.CONSUME(t.Fn);
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.CONSUME1(t.Name) });
    this.CONSUME(t.RightParen);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.body);
  });

  readonly testDeclaration: Rule = this.RULE('testDeclaration', () => {
    this.CONSUME(t.Test);
    this.CONSUME(t.Name);
    this.CONSUME(t.LeftCurly);
    this.SUBRULE(this.entry);
    this.MANY(() => {
      this.SUBRULE(this.separator);
      this.SUBRULE1(this.entry);
    });
    this.CONSUME(t.RightCurly);
  });

  readonly signature: Rule = this.RULE('signature', () => {
    this.CONSUME(t.LeftParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.inputDeclaration) });
    this.OPTION(() => {
      this.CONSUME(t.Semicolon);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.parameter) });
    });
    this.CONSUME(t.RightParen);
  });

  readonly inputDeclaration: Rule = this.RULE('inputDeclaration', () => {
    this.OPTION(() => this.CONSUME(t.Data));
    this.SUBRULE(this.parameter);
  });

  readonly parameter: Rule = this.RULE('parameter', () => {
    this.CONSUME(t.Name);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.domain);
    });
    this.OPTION1(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.value);
    });
  });

  readonly domain: Rule = this.RULE('domain', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.DottedName) }]);
    this.OPTION(() => this.SUBRULE(this.bounds));
    this.OPTION1(() => {
      this.CONSUME(t.LeftSquare);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.axis) });
      this.CONSUME(t.RightSquare);
      // A word in this place alone, so that it stays a name everywhere else.
      this.OPTION2({
        GATE: () => this.LA(1).image === t.OVER,
        DEF: () => {
          this.CONSUME1(t.Name);
          this.CONSUME2(t.Name);
        },
      });
    });
  });

  readonly bounds: Rule = this.RULE('bounds', () => {
    this.CONSUME(t.LeftParen);
    this.SUBRULE(this.operation);
    this.CONSUME(t.Comma);
    this.SUBRULE1(this.operation);
    this.CONSUME(t.RightParen);
  });

  readonly axis: Rule = this.RULE('axis', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Dots) },
      {
        ALT: () => {
          this.CONSUME(t.Name);
          this.OPTION(() => {
            this.OR1([
              { ALT: () => this.CONSUME1(t.Dots) },
              {
                ALT: () => {
                  this.CONSUME(t.Equals);
                  this.CONSUME(t.NumberLiteral);
                },
              },
            ]);
          });
        },
      },
    ]);
  });

  readonly body: Rule = this.RULE('body', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.NewLine, DEF: () => this.SUBRULE(this.statement) });
    this.CONSUME(t.BodyEnd);
  });

  readonly statement: Rule = this.RULE('statement', () => {
    this.OPTION(() => {
      this.CONSUME(t.Let);
      this.CONSUME(t.Name);
      this.CONSUME(t.Equals);
    });
    this.SUBRULE(this.expression);
  });

  readonly expression: Rule = this.RULE('expression', () => {
    this.OR([{ ALT: () => this.SUBRULE(this.conditional) }, { ALT: () => this.SUBRULE(this.operation) }]);
  });

  readonly conditional: Rule = this.RULE('conditional', () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.operation);
    this.CONSUME(t.Then);
    this.SUBRULE(this.expression);
    this.MANY(() => {
      this.CONSUME(t.Else);
      this.CONSUME1(t.If);
      this.SUBRULE1(this.operation);
      this.CONSUME1(t.Then);
      this.SUBRULE1(this.expression);
    });
    this.CONSUME1(t.Else);
    this.SUBRULE2(this.operation);
  });

  /** Flat: the table in `operators.ts` makes it a tree. */
  readonly operation: Rule = this.RULE('operation', () => {
    this.SUBRULE(this.operand);
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator);
      this.SUBRULE1(this.operand);
    });
  });

  readonly operand: Rule = this.RULE('operand', () => {
    this.MANY(() => this.CONSUME(t.PrefixOperator));
    this.OR([
      { ALT: () => this.CONSUME(t.NumberLiteral) },
      { ALT: () => this.CONSUME(t.Hole) },
      {
        ALT: () => {
          this.CONSUME(t.LeftParen);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RightParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Name);
          this.OPTION(() => this.SUBRULE(this.callArguments));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.DottedName);
          this.OPTION1(() => this.SUBRULE1(this.callArguments));
        },
      },
    ]);
  });

  readonly callArguments: Rule = this.RULE('callArguments', () => {
    this.CONSUME(t.LeftParen);
    this.OPTION(() => {
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.argument) });
      this.OPTION1(() => {
        this.CONSUME(t.Where);
        this.SUBRULE(this.operation);
      });
    });
    this.CONSUME(t.RightParen);
  });

  readonly argument: Rule = this.RULE('argument', () => {
    this.OPTION(() => {
      this.CONSUME(t.Name);
      this.CONSUME(t.Equals);
    });
    this.SUBRULE(this.expression);
  });

  readonly holes: Rule = this.RULE('holes', () => {
    this.CONSUME(t.With);
    this.CONSUME(t.Operators);
    this.SUBRULE(this.operator);
    this.MANY(() => {
      this.OPTION(() => this.SUBRULE(this.separator));
      this.SUBRULE1(this.operator);
    });
    this.CONSUME(t.Leaves);
    this.SUBRULE(this.leaf);
    this.MANY1(() => {
      this.OPTION1(() => this.SUBRULE1(this.separator));
      this.SUBRULE1(this.leaf);
    });
  });

  readonly operator: Rule = this.RULE('operator', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Plus) },
      { ALT: () => this.CONSUME(t.Minus) },
      { ALT: () => this.CONSUME(t.Star) },
      { ALT: () => this.CONSUME(t.Slash) },
      { ALT: () => this.CONSUME(t.Caret) },
      { ALT: () => this.CONSUME(t.Name) },
    ]);
  });

  readonly leaf: Rule = this.RULE('leaf', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Name);
          this.OPTION(() => this.SUBRULE(this.bounds));
        },
      },
      {
        ALT: () => {
          this.OPTION1(() => this.CONSUME(t.Minus));
          this.CONSUME(t.NumberLiteral);
        },
      },
    ]);
  });

  readonly entry: Rule = this.RULE('entry', () => {
    this.CONSUME(t.Name);
    this.OR([
      { ALT: () => this.CONSUME(t.Equals) },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME1(t.Name));
          this.CONSUME(t.Tilde);
        },
      },
    ]);
    this.SUBRULE(this.value);
  });

  readonly value: Rule = this.RULE('value', () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LeftSquare);
          this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.value) });
          this.CONSUME(t.RightSquare);
        },
      },
      { ALT: () => this.SUBRULE(this.expression) },
    ]);
  });

  readonly separator: Rule = this.RULE('separator', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Comma) }, { ALT: () => this.CONSUME(t.NewLine) }]);
  });

  /** `validate` checks the grammar itself, which takes longer than parsing a file: tests do it once. */
  constructor(errorMessageProvider: IParserErrorMessageProvider, validate = false) {
    super([...t.TOKENS], {
      recoveryEnabled: true,
      maxLookahead: 2,
      errorMessageProvider,
      skipValidations: !validate,
    });
    this.performSelfAnalysis();
  }
}

/** The names of the rules: each is the field that holds it, as a test checks. */
export type RuleName = {
  [K in keyof LossParser]: LossParser[K] extends Rule ? K : never;
}[keyof LossParser];
