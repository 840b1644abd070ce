import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const page = join(import.meta.dirname, '..', 'src', 'renderer');

it('every command of the page is declared in state/command-catalogue.ts, where its keys are checked and can be changed', () => {
  const files = readdirSync(page, { recursive: true, encoding: 'utf8' })
    .filter(
      (file) =>
        /\.tsx?$/.test(file) && !/\.test\.|command-catalogue|state\/(?:variant|pull-request)-commands/.test(file),
    )
    .map((file) => ({ file, text: readFileSync(join(page, file), 'utf8') }));
  expect(files.filter(({ text }) => text.includes('registerCommands(')).length).toBeGreaterThan(5);
  // A title and a group beside an id: said on the spot, so that neither the Keyboard screen nor the tests know of it.
  const onTheSpot = files.filter(({ text }) =>
    /\bgroup: '(?:Go to|Run|Spec|Terminals|Review|Variants|Project|App|On the board)'/.test(text),
  );
  expect(onTheSpot.map(({ file }) => file)).toEqual([]);
});
