import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIBRARY } from '../../../../compiler/emit/helpers/library-texts.js';
import { type Library, readLibrary } from '../../../scripts/library.js';

const TEXTS: Library = LIBRARY;
const texts = suite('texts of the library');

texts('are those of its files: `npm run build:library` makes them anew', () => {
  assert.equal(TEXTS, readLibrary());
});

texts('have no types as JavaScript', () => {
  for (const functions of Object.values(TEXTS)) {
    for (const [name, { body }] of Object.entries(functions)) {
      const text = body.map((piece) => (typeof piece === 'string' ? piece : 'null')).join('');
      assert.not.throws(() => new Function(`async () => { ${text} }`), undefined, name);
    }
  }
});

texts.run();
