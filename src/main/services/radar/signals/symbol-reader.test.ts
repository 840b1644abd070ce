import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';

import { SymbolReader } from './symbol-reader.ts';
import { languageOf, type FileSymbols, type SymbolLanguage } from './symbols.ts';

const workerPath = fileURLToPath(import.meta.resolve('./symbol-worker.ts'));

describe('the names of a source', () => {
  let reader: SymbolReader;
  let count = 0;

  beforeAll(() => {
    reader = new SymbolReader({ workerPath, log: silentLog });
  });
  afterAll(() => {
    reader.dispose();
  });

  const read = (language: SymbolLanguage, text: string): Promise<FileSymbols | null> =>
    reader.read(language, `hash-${String(count++)}`, text);
  const names = (symbols: FileSymbols | null): readonly string[] | undefined =>
    symbols?.exports.map(({ name, line }) => `${name}:${String(line)}`);
  const uses = (symbols: FileSymbols | null): readonly string[] | undefined =>
    symbols?.uses
      .filter(({ name }) => name !== '*')
      .map(({ module, name, line }) => `${module} ${name}:${String(line)}`);

  it('of TypeScript', async () => {
    const text = `import dflt, { a, type B as C } from './one.ts';
import * as ns from '../two.ts';
export function f() { const hidden = 1; return hidden; }
export const x = 1, { y, z: [w] } = ns.thing;
export class K {}
export interface I { a: ns.Type }
export type T = string;
export enum E { A }
export default f;
const own = 1;
export { own as other };
export { p as q } from './three.ts';
export * as four from './four.ts';
`;
    const symbols = await read('typescript', text);
    expect(names(symbols)).toEqual([
      'f:3',
      'x:4',
      'y:4',
      'w:4',
      'K:5',
      'I:6',
      'T:7',
      'E:8',
      'default:9',
      'other:11',
      'q:12',
      'four:13',
    ]);
    expect(uses(symbols)).toEqual([
      './one.ts default:1',
      './one.ts a:1',
      './one.ts B:1',
      './three.ts p:12',
      '../two.ts thing:4',
      '../two.ts Type:6',
    ]);
    expect(symbols).toMatchObject({ passesOn: false, isBroken: false });
    expect(await read('typescript', "export * from './x.ts';\n")).toMatchObject({ passesOn: true });
  });

  it('of JavaScript with require', async () => {
    const symbols = await read(
      'javascript',
      `const { a, b: c } = require('./one');
const two = require('./two');
two.run(require('./three').x);
module.exports = { f, g: 1, h() {} };
exports.i = 1;
`,
    );
    expect(names(symbols)).toEqual(['f:4', 'g:4', 'h:4', 'i:5']);
    expect(uses(symbols)).toEqual(['./one a:1', './one b:1', './three x:3', './two run:3']);
  });

  it('of TSX', async () => {
    const symbols = await read('tsx', "import { Row } from './row.tsx';\nexport const List = () => <Row a={1} />;\n");
    expect(names(symbols)).toEqual(['List:2']);
    expect(uses(symbols)).toEqual(['./row.tsx Row:1']);
  });

  it('of Python', async () => {
    const symbols = await read(
      'python',
      `from .models import Player, Team as T
import app.league as league
import os
LIMIT = 3
_hidden = 1
def f():
    return league.standings(os.environ)
class K: pass
@cached
def g(): pass
try:
    from fast import loads
except ImportError:
    def loads(): pass
`,
    );
    expect(names(symbols)).toEqual(['Player:1', 'T:1', 'LIMIT:4', 'f:6', 'K:8', 'g:10', 'loads:12', 'loads:14']);
    expect(uses(symbols)).toEqual([
      '.models Player:1',
      '.models Team:1',
      'fast loads:12',
      'app.league standings:7',
      'os environ:7',
    ]);
  });

  it('of Go', async () => {
    const symbols = await read(
      'go',
      `package league

import (
	"fmt"
	st "example.com/league/store/v2"
)

const Limit, other = 3, 4

type Table struct{ rows []Row }

var Default = st.Open("x")

func Standings(s st.Store) Table { fmt.Println(helper()); return Table{} }

func (t Table) Method() {}
`,
    );
    expect(names(symbols)).toEqual(['Limit:8', 'other:8', 'Table:10', 'Default:12', 'Standings:14']);
    expect(uses(symbols)).toEqual([
      'example.com/league/store/v2 Open:12',
      'example.com/league/store/v2 Store:14',
      'fmt Println:14',
      ' Row:10',
      ' Table:14',
      ' helper:14',
      ' Table:14',
      ' Table:16',
    ]);
  });

  it('of what cannot be read are none, or those that can, and nothing hangs', async () => {
    expect(await read('typescript', 'export const a = 1;\nexport const = = {{{\nexport const b = 2;\n')).toMatchObject({
      isBroken: true,
    });
    expect(await read('python', '('.repeat(100_000))).not.toBeUndefined();
    expect(await read('typescript', '`${'.repeat(50_000))).not.toBeUndefined();
    expect(await read('go', '\0\u{1F600}'.repeat(1000))).not.toBeUndefined();
    expect(await read('typescript', 'x'.repeat(500_001))).toBeNull();
    // And it goes on working after that.
    expect(names(await read('typescript', 'export const a = 1;\n'))).toEqual(['a:1']);
  });

  it('are known for the languages that have a grammar here', () => {
    expect(['a.ts', 'a.tsx', 'a.mjs', 'a.py', 'a.go', 'a.d.ts', 'a.rb', 'a.min.js', 'go'].map(languageOf)).toEqual([
      'typescript',
      'tsx',
      'javascript',
      'python',
      'go',
      null,
      null,
      null,
      null,
    ]);
  });
});
