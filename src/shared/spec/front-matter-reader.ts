import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Pair, type YAMLMap } from 'yaml';

import { didYouMean } from './did-you-mean.ts';

/** A value of the front matter and where it stands in the YAML, from and to, in characters. */
export interface Placed<T> {
  value: T;
  from: number;
  to: number;
}

export type Report = (severity: 'error' | 'warning', message: string, from: number, to: number) => void;

/** One level of keys and values, with each key's own place. */
export type Fields = ReadonlyMap<string, { key: Placed<string>; value: unknown }>;

/**
 * Reads YAML for what it says, and reports what it should not say at its place. It follows no alias, so that no text,
 * however nested, costs more than its length.
 */
export class FrontMatterReader {
  readonly #document: Document;
  readonly #report: Report;
  readonly hasSyntaxErrors: boolean;

  constructor(yaml: string, report: Report) {
    this.#report = report;
    this.#document = parseDocument(yaml, { prettyErrors: false });
    this.hasSyntaxErrors = this.#document.errors.length > 0;
    this.#reportSyntax(yaml);
  }

  /** The keys at the top. None when the front matter is empty or something else than keys. `known` null: any may be there. */
  fields(known: readonly string[] | null): Fields {
    const { contents } = this.#document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return new Map();
    if (isMap(contents)) return this.#fieldsOf(contents, known, '');
    this.#refuse(contents, 'The front matter must be keys with values, such as `title: …`.');
    return new Map();
  }

  /** The keys of a value that must have some; null, and reported, when it has none. `unknown`: how bad any other key is. */
  fieldsOf(
    value: unknown,
    what: string,
    known: readonly string[],
    unknown: 'error' | 'warning' = 'warning',
  ): Fields | null {
    if (isMap(value)) return this.#fieldsOf(value, known, ` of ${what}`, unknown);
    this.#refuse(value, `${what} must be keys with values.`);
    return null;
  }

  /** The keys of a value, whatever they are called; none, and reported, when it has none. */
  pairs(value: unknown, what: string): readonly { key: Placed<string>; value: unknown }[] {
    if (value === null || value === undefined || (isScalar(value) && value.value === null)) return [];
    if (!isMap(value)) {
      this.#refuse(value, `${what} must be keys with values.`);
      return [];
    }
    return (value.items as Pair[]).flatMap((pair) => {
      const key = this.text(pair.key, 'A key');
      return key ? [{ key, value: pair.value }] : [];
    });
  }

  /** Whether a value has keys of its own. */
  hasKeys(value: unknown): boolean {
    return isMap(value);
  }

  /** A value that must be `true` or `false`; false when it is empty. */
  flag(value: unknown, what: string): boolean {
    if (value === null || value === undefined || (isScalar(value) && value.value === null)) return false;
    if (isScalar(value) && typeof value.value === 'boolean') return value.value;
    this.#refuse(value, `${what} must be \`true\` or \`false\`.`);
    return false;
  }

  /** A value that must be text; null when it is empty, or reported because it is something else. */
  text(value: unknown, what: string): Placed<string> | null {
    if (isScalar(value)) {
      if (value.value === null || value.value === undefined) return null;
      const [from, to] = placeOf(value);
      // `title: 2048` and `id: 1e3` are text to the person who wrote them; the source keeps their spelling.
      return { value: typeof value.value === 'string' ? value.value : (value.source ?? ''), from, to };
    }
    if (value !== null && value !== undefined) this.#refuse(value, `${what} must be text.`);
    return null;
  }

  /** The items of a value that must be a list. A single text is taken as a list of one, with a warning. */
  items(value: unknown, what: string): readonly unknown[] {
    if (isSeq(value)) return value.items;
    if (isScalar(value)) {
      if (value.value === null || value.value === undefined) return [];
      this.#report(
        'warning',
        `${what} is a list: write it in brackets, or one line each with a dash.`,
        ...placeOf(value),
      );
      return [value];
    }
    if (value !== null && value !== undefined) this.#refuse(value, `${what} must be a list.`);
    return [];
  }

  #refuse(value: unknown, message: string): void {
    // After a syntax error the parser guesses on, and a complaint about its guess would only confuse.
    if (this.hasSyntaxErrors) return;
    const place = placeOf(value);
    if (isAlias(value)) this.#report('error', 'Aliases (`*name`) are not read here. Write the value out.', ...place);
    else this.#report('error', message, ...place);
  }

  #fieldsOf(
    map: YAMLMap,
    known: readonly string[] | null,
    where: string,
    unknown: 'error' | 'warning' = 'warning',
  ): Fields {
    const fields = new Map<string, { key: Placed<string>; value: unknown }>();
    for (const pair of map.items as Pair[]) {
      const key = this.text(pair.key, 'A key');
      if (!key) continue;
      if (known !== null && !known.includes(key.value)) {
        const meant = didYouMean(key.value, known);
        const hint = meant === null ? '' : ` Did you mean \`${meant}\`?`;
        this.#report(unknown, `\`${key.value}\` is not a key${where} that is known here.${hint}`, key.from, key.to);
      } else if (!fields.has(key.value)) fields.set(key.value, { key, value: pair.value });
    }
    return fields;
  }

  #reportSyntax(yaml: string): void {
    const lines = new Set<number>();
    // What is missing at the end is missing behind the last character, not on the line of the closing fence.
    const last = Math.max(0, yaml.trimEnd().length - 1);
    const inside = ([from, to]: [number, number]): [number, number] => [Math.min(from, last), to];
    const onNewLine = (offset: number): boolean => {
      const line = yaml.lastIndexOf('\n', offset - 1);
      // One mistake makes the parser stumble over every token that follows it on the line.
      if (lines.has(line)) return false;
      lines.add(line);
      return true;
    };
    for (const { code, message, pos } of this.#document.errors) {
      const place = inside(pos);
      if (!onNewLine(place[0])) continue;
      if (code === 'RESOURCE_EXHAUSTION') {
        this.#report('error', 'This is nested too deeply to be read.', ...place);
        // What follows are only the places at which the parser gave up.
        break;
      }
      this.#report('error', `This is not YAML: ${message}.`, ...place);
    }
    for (const { message, pos } of this.#document.warnings) {
      if (onNewLine(pos[0])) this.#report('warning', `${message}.`, ...pos);
    }
  }
}

function placeOf(value: unknown): [from: number, to: number] {
  const range = isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value.range : null;
  return range ? [range[0], range[1]] : [0, 0];
}
