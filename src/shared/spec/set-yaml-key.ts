import { Document, isMap, isScalar, isSeq, parseDocument, visit, type Pair, type YAMLMap } from 'yaml';

import { byteOrderMark, findFrontMatter } from './front-matter.ts';

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * The front matter with another value of a key, and everything else as it was: comments, order, quoting. `null` takes the
 * key out. A text without front matter is given some. Null when it is too broken for that.
 */
export function withFrontMatterKey(text: string, key: string, value: Value | null): string | null {
  const place = findFrontMatter(text);
  if (place.kind === 'unclosed') return null;
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  if (place.kind === 'none') {
    if (value === null) return text;
    const from = text.startsWith(byteOrderMark) ? 1 : 0;
    const head = ['---', ...yamlLines([key], value), '---', ''].join(newline);
    return `${text.slice(0, from)}${head}${text.slice(from)}`;
  }
  const yaml = withYamlKey(place.yaml, [key], value);
  return yaml === null ? null : text.slice(0, place.yamlFrom) + yaml + text.slice(place.yamlTo);
}

/** The same for a YAML text of its own, and for a key of a key. */
export function withYamlKey(
  yaml: string,
  path: readonly [string] | readonly [string, string],
  value: Value | null,
): string | null {
  const document = parseDocument(yaml, { prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) return null;
  const newline = /\r?\n/.exec(yaml)?.[0] ?? '\n';
  const edited = edit(yaml, document, path, value, newline);
  if (edited === null) return null;
  // The edit is one of characters: what it means is looked at again before anybody gets to write it.
  const wanted: unknown = changed(document.toJS({ maxAliasCount: 0 }), path, value);
  const got = parseDocument(edited, { prettyErrors: false, logLevel: 'silent' });
  if (got.errors.length > 0) return null;
  return same(got.toJS({ maxAliasCount: 0 }) ?? {}, wanted) ? edited : null;
}

function edit(
  yaml: string,
  document: Document,
  path: readonly string[],
  value: Value | null,
  newline: string,
): string | null {
  const { contents } = document;
  const append = (keys: readonly string[]): string => {
    const before = yaml === '' || yaml.endsWith('\n') ? yaml : yaml + newline;
    return value === null ? yaml : `${before}${yamlLines(keys, value).join(newline)}${newline}`;
  };
  if (contents === null || (isScalar(contents) && contents.value === null)) return append(path);
  if (!isMap(contents) || contents.flow) return null;
  let map: YAMLMap = contents;
  for (const [depth, key] of path.entries()) {
    const pair = (map.items as Pair[]).find((each) => isScalar(each.key) && each.key.value === key);
    const isLast = depth === path.length - 1;
    if (!pair) {
      if (depth === 0) return append(path);
      return value === null ? yaml : insertFirst(yaml, map, yamlLines(path.slice(depth), value), newline);
    }
    const place = placeOf(yaml, pair);
    if (place === null) return null;
    const isEmpty = pair.value === null || (isScalar(pair.value) && pair.value.value === null);
    if (isLast || isEmpty) {
      if (value === null) return isLast ? without(yaml, place) : yaml;
      const indent = ' '.repeat(place.from - (yaml.lastIndexOf('\n', place.from - 1) + 1));
      const lines = yamlLines(path.slice(depth), value);
      return yaml.slice(0, place.from) + lines.join(newline + indent) + yaml.slice(place.to);
    }
    if (!isMap(pair.value) || pair.value.flow) return null;
    map = pair.value;
  }
  return null;
}

function insertFirst(yaml: string, map: YAMLMap, lines: readonly string[], newline: string): string | null {
  const first = (map.items as Pair[])[0]?.key;
  if (!isScalar(first) || !first.range) return null;
  const [at] = first.range;
  const indent = ' '.repeat(at - (yaml.lastIndexOf('\n', at - 1) + 1));
  return yaml.slice(0, at) + lines.map((line) => `${line}${newline}${indent}`).join('') + yaml.slice(at);
}

/** From the first character of the key to the last of the value; a comment behind it is not part of it. */
function placeOf(yaml: string, { key, value }: Pair): { from: number; to: number } | null {
  if (!isScalar(key) || !key.range) return null;
  const [from, keyEnd] = key.range;
  const colon = yaml.indexOf(':', keyEnd) + 1;
  const range = isScalar(value) || isMap(value) || isSeq(value) ? value.range : null;
  if (!range || range[1] <= colon) return { from, to: colon };
  return { from, to: from + yaml.slice(from, range[1]).trimEnd().length };
}

function without(yaml: string, { from, to }: { from: number; to: number }): string {
  const lineFrom = yaml.lastIndexOf('\n', from - 1) + 1;
  const lineEnd = yaml.indexOf('\n', to);
  return yaml.slice(0, lineFrom) + (lineEnd === -1 ? '' : yaml.slice(lineEnd + 1));
}

/** The lines that say it: lists of words on one line, what a list holds one line each. */
function yamlLines(path: readonly string[], value: Value): readonly string[] {
  const nested = path.toReversed().reduce<Value>((inner, key) => ({ [key]: inner }), value);
  const document = new Document(nested);
  visit(document, {
    Seq: (_key, node) => {
      if (node.items.every((item) => isScalar(item) && String(item.value).length <= 60)) node.flow = true;
    },
    Map: (_key, node, ancestors) => {
      if (ancestors.filter((each) => isMap(each)).length > path.length && ancestors.some((each) => isSeq(each))) {
        node.flow = true;
      }
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: true, flowCollectionPadding: false }).trimEnd().split('\n');
}

function changed(before: unknown, [key = '', ...rest]: readonly string[], value: Value | null): unknown {
  const keys: Record<string, unknown> = typeof before === 'object' && before !== null ? { ...before } : {};
  if (rest.length > 0)
    keys[key] = value === null && keys[key] === undefined ? undefined : changed(keys[key], rest, value);
  else if (value === null) delete keys[key];
  else keys[key] = value;
  return keys;
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, sorted(each)]),
  );
}
