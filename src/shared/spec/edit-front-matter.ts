import { isMap, isScalar, parseDocument, stringify, type Pair } from 'yaml';

import { byteOrderMark, findFrontMatter } from './front-matter.ts';
import { parseSpec } from './spec-file.ts';

interface Edit {
  from: number;
  to: number;
  text: string;
}

/**
 * The text with another title, and every other character as it was: comments, order, quoting, line ends. A spec without
 * front matter is given some. Null when the front matter is so broken that the title cannot be set safely.
 */
export function withTitle(text: string, title: string): string | null {
  const place = findFrontMatter(text);
  const newline = /\r?\n/.exec(text)?.[0] ?? '\n';
  if (place.kind === 'unclosed') return null;
  if (place.kind === 'none') {
    const from = text.startsWith(byteOrderMark) ? 1 : 0;
    return text.slice(0, from) + ['---', `title: ${scalarOf(title)}`, '---', '', text.slice(from)].join(newline);
  }
  const edit = titleEdit(place.yaml, title, newline);
  if (edit === null) return null;
  const edited = text.slice(0, place.yamlFrom + edit.from) + edit.text + text.slice(place.yamlFrom + edit.to);
  return parseSpec(edited).frontMatter.title === title ? edited : null;
}

function titleEdit(yaml: string, title: string, newline: string): Edit | null {
  const { contents, errors } = parseDocument(yaml, { prettyErrors: false });
  if (errors.length > 0) return null;
  const addLine: Edit = { from: 0, to: 0, text: `title: ${scalarOf(title)}${newline}` };
  if (contents === null || (isScalar(contents) && contents.value === null)) return addLine;
  if (!isMap(contents)) return null;
  const pair = (contents.items as Pair[]).find(({ key }) => isScalar(key) && key.value === 'title');
  if (pair === undefined) return contents.flow ? null : addLine;

  const { key, value } = pair;
  if (!isScalar(key) || !key.range || !isScalar(value) || !value.range) return null;
  const scalar = contents.flow ? JSON.stringify(title) : scalarOf(title);
  const [from, to] = value.range;
  if (from === to) {
    // Nothing is there yet but perhaps a comment, which stays behind the title.
    const colon = yaml.indexOf(':', key.range[1]) + 1;
    return colon === 0 ? null : { from: colon, to: colon, text: ` ${scalar}` };
  }
  // The range of a block scalar includes the end of its last line.
  const isBlock = value.type === 'BLOCK_LITERAL' || value.type === 'BLOCK_FOLDED';
  return { from, to, text: isBlock ? scalar + newline : scalar };
}

/** The title as YAML on one line, plain where that reads back as the same text. */
const scalarOf = (title: string): string => stringify(title, { lineWidth: 0 }).trimEnd();
