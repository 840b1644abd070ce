import { isMap, isNode, isSeq, LineCounter, parseDocument, type Document, type Node, type Pair } from 'yaml';
import type { z } from 'zod';

import { errorMessage } from '#shared/error-message.ts';

/** Something wrong in a YAML file. Lines count from 1. */
export interface YamlProblem {
  line: number;
  message: string;
}

/** A value of the file and the line on which it stands. */
export interface Placed<T> {
  value: T;
  line: number;
}

type Path = readonly (string | number)[];

/**
 * Enough for a file that a person writes with a few anchors, and too few for the "billion laughs" file, in which each
 * of a handful of aliases stands for ten of the one before.
 */
const maxAliasCount = 100;

/**
 * A YAML file read part by part: a part that is broken is reported with its line and counts as absent, and the other
 * parts still hold. It never throws.
 */
export class YamlSource {
  readonly #problems: YamlProblem[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;
  /** The values of the top-level keys that can be relied on: no syntax error touches them. */
  readonly #sections = new Map<string, Placed<Node | null>>();
  readonly #broken = new Set<string>();
  readonly #syntaxProblems: readonly YamlProblem[];

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, logLevel: 'silent' });
    this.#reportSyntax();
    const { contents } = this.#document;
    if (contents !== null && !isMap(contents)) this.report(1, 'Expected keys with values, like `base: main`.');
    this.#syntaxProblems = [...this.#problems];
    if (isMap(contents)) for (const pair of contents.items) this.#addSection(pair);
  }

  get problems(): readonly YamlProblem[] {
    return this.#problems.toSorted((a, b) => a.line - b.line);
  }

  get keys(): readonly string[] {
    return [...this.#sections.keys()];
  }

  /** What keeps the file as a whole from being read: while there is any, a key that is not found may be there all the same. */
  get syntaxProblems(): readonly YamlProblem[] {
    return this.#syntaxProblems;
  }

  report(line: number, message: string): void {
    if (this.#problems.some((known) => known.line === line && known.message === message)) return;
    this.#problems.push({ line, message });
  }

  /** The line of the value at this path, or of the nearest thing above it that is there. */
  lineOf(path: Path): number {
    const [section, ...rest] = path;
    const found = this.#sections.get(String(section));
    if (!found) return 1;
    let line = found.line;
    let node: unknown = found.value;
    for (const part of rest) {
      node = isMap(node) || isSeq(node) ? node.get(part, true) : null;
      if (!isNode(node) || !node.range) break;
      line = this.#lines.linePos(node.range[0]).line;
    }
    return line;
  }

  /** Whether the key is there and its value cannot be worked out. */
  isUnreadable(key: string): boolean {
    return this.#sections.has(key) && this.#read([key]) === undefined;
  }

  /** Whether the key is there and says something other than null. */
  has(path: Path): boolean {
    const value = this.#read(path);
    return value !== undefined && value !== null;
  }

  /** The value as it is, whatever it is; undefined where there is none. */
  raw(path: Path): unknown {
    return this.#read(path);
  }

  /** The value at this path if it is what the schema says; otherwise undefined, and reported unless it is absent. */
  leaf<T>(path: Path, schema: z.ZodType<T>): Placed<T> | undefined {
    if (!this.has(path)) return undefined;
    const parsed = schema.safeParse(this.#read(path));
    if (parsed.success) return { value: parsed.data, line: this.lineOf(path) };
    for (const issue of parsed.error.issues) {
      const at = [...path, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
      this.report(this.lineOf(at), `${dotted(at)}: ${issue.message}`);
    }
    return undefined;
  }

  /** The items of a list that are what the schema says; each of the others is reported and left out. */
  items<T>(path: Path, schema: z.ZodType<T>): readonly Placed<T>[] {
    if (!this.has(path)) return [];
    const list = this.#read(path);
    if (!Array.isArray(list)) {
      this.report(this.lineOf(path), `${dotted(path)}: expected a list.`);
      return [];
    }
    return list.flatMap((_item, index) => this.leaf([...path, index], schema) ?? []);
  }

  #reportSyntax(): void {
    const lines = new Set<number>();
    for (const error of this.#document.errors) {
      const { line } = this.#lines.linePos(error.pos[0]);
      // One mistake makes the parser stumble over every token that follows it on the line.
      if (lines.has(line)) continue;
      lines.add(line);
      this.report(line, `This is not YAML: ${error.message}`);
    }
  }

  #addSection(pair: Pair): void {
    const key = pair.key;
    if (!isNode(key) || !key.range) return;
    const name = this.#toJs(key);
    if (typeof name !== 'string') return;
    const value = isNode(pair.value) ? pair.value : null;
    const from = key.range[0];
    const to = value?.range?.[2] ?? key.range[2];
    // The parser guesses on after an error, and a guess is no ground to run a command on.
    const isBroken = this.#document.errors.some(({ pos }) => pos[0] <= to && pos[1] >= from);
    if (isBroken || this.#broken.has(name)) {
      // A key that stands there twice is an error at its second place, and means neither.
      this.#broken.add(name);
      this.#sections.delete(name);
      return;
    }
    this.#sections.set(name, { value, line: this.#lines.linePos(from).line });
  }

  #read(path: Path): unknown {
    const [section, ...rest] = path;
    let value = this.#toJs(this.#sections.get(String(section))?.value ?? null);
    for (const part of rest) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
      value = (value as Record<string | number, unknown>)[part];
    }
    return value;
  }

  #toJs(node: Node | null): unknown {
    if (!node) return null;
    try {
      return node.toJS(this.#document, { maxAliasCount });
    } catch (error) {
      const line = node.range ? this.#lines.linePos(node.range[0]).line : 1;
      this.report(line, `This cannot be read: ${errorMessage(error)}`);
      return undefined;
    }
  }
}

const dotted = (path: Path): string =>
  path.map((part, index) => (typeof part === 'number' ? `[${part + 1}]` : `${index === 0 ? '' : '.'}${part}`)).join('');
