/**
 * Something that the project's files mean to have checked, and that cannot be made out. It is listed and not left out: what is
 * silently not checked would count as passed.
 */
export interface UnreadableCheck {
  kind: 'gate' | 'invariant' | 'acceptance';
  /** What it is called, as far as that can be told. */
  title: string;
  /** The file, from the top of the project. */
  path: string;
  /** From 1; null: the whole file. */
  line: number | null;
  /** What is wrong, in a sentence. */
  message: string;
}

/** With the place to look at: `.switchyard/config.yaml, line 3: Gate tests: …`. */
export const unreadableWords = ({ path, line, message }: UnreadableCheck): string =>
  `${path}${line === null ? '' : `, line ${String(line)}`}: ${message}`;
