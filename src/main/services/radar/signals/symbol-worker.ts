import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';

import { Language, Parser } from 'web-tree-sitter';

import { extractSymbols } from './extract-symbols.ts';
import type { FileSymbols, SymbolLanguage } from './symbols.ts';

/*
 * Parses sources of a repository. They may be anything, and a parser may take as long as it likes: it runs in a thread of its
 * own, which is ended from outside.
 */

export interface SymbolQuestion {
  id: number;
  language: SymbolLanguage;
  text: string;
}

export interface SymbolAnswer {
  id: number;
  symbols: FileSymbols | null;
}

const resolve = createRequire(import.meta.url).resolve;
const parsers = new Map<SymbolLanguage, Promise<Parser>>();
let isReady: Promise<void> | null = null;

async function parserOf(language: SymbolLanguage): Promise<Parser> {
  isReady ??= Parser.init({ locateFile: () => resolve('web-tree-sitter/web-tree-sitter.wasm') });
  await isReady;
  const parser = new Parser();
  parser.setLanguage(await Language.load(resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${language}.wasm`)));
  return parser;
}

async function answer({ language, text }: SymbolQuestion): Promise<FileSymbols | null> {
  const parsing = parsers.get(language) ?? parserOf(language);
  parsers.set(language, parsing);
  const tree = (await parsing).parse(text);
  if (tree === null) return null;
  try {
    return extractSymbols(tree.rootNode, language);
  } finally {
    tree.delete();
  }
}

parentPort?.on('message', (question: SymbolQuestion) => {
  answer(question).then(
    (symbols) => parentPort?.postMessage({ id: question.id, symbols } satisfies SymbolAnswer),
    () => parentPort?.postMessage({ id: question.id, symbols: null } satisfies SymbolAnswer),
  );
});
