import { closesFence, openFence, type OpenFence } from './fence.ts';

/** A file that a Markdown text quotes: a fenced block whose first line names it, ```` ```ts file=src/a.ts ````. */
export interface FileBlock {
  /** As written. Whoever writes the file checks where it leads. */
  path: string;
  language: string;
  text: string;
  /** The line of the opening fence, counted from 1. */
  line: number;
}

export interface FileBlocks {
  blocks: readonly FileBlock[];
  /** Blocks that name a file and cannot be taken: never closed, or without a name after `file=`. */
  problems: readonly { line: number; message: string }[];
}

/**
 * Finds the quoted files, in the order in which they stand. A fence is closed by one of the same kind that is at least
 * as long, so that a file which holds fences itself is quoted with longer ones. Line ends stay as they are.
 */
export function fileBlocks(markdown: string): FileBlocks {
  const blocks: FileBlock[] = [];
  const problems: { line: number; message: string }[] = [];
  let open: (OpenFence & { line: number }) | null = null;
  let content: string[] = [];
  let line = 0;

  for (const match of markdown.matchAll(/([^\n]*)(\n|$)/g)) {
    const [whole, raw = ''] = match;
    if (whole === '') break;
    line++;
    const bare = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (open === null) {
      const opened = openFence(bare);
      open = opened && { ...opened, line };
      content = [];
    } else if (closesFence(bare, open)) {
      const file = fileOf(open.info);
      if (file === '') problems.push({ line: open.line, message: 'A file name must follow `file=`.' });
      else if (file !== null) {
        blocks.push({ path: file, language: languageOf(open.info), text: content.join(''), line: open.line });
      }
      open = null;
    } else content.push(withoutIndent(whole, open.indent));
  }
  if (open !== null && fileOf(open.info) !== null) {
    problems.push({ line: open.line, message: 'This block is never closed, so its file is not taken.' });
  }
  return { blocks, problems };
}

/** A block that is indented as a whole loses that indentation, and no line more than that. */
function withoutIndent(text: string, indent: number): string {
  const spaces = /^ */.exec(text)?.[0].length ?? 0;
  return text.slice(Math.min(spaces, indent));
}

/** The file that an info string names: bare, or in quotes where it has spaces. Null when it names none. */
function fileOf(info: string): string | null {
  const match = /(?:^|\s)file=(?:"([^"]*)"|'([^']*)'|(\S*))/.exec(info);
  return match ? (match[1] ?? match[2] ?? match[3] ?? '') : null;
}

function languageOf(info: string): string {
  const first = /^\S+/.exec(info)?.[0] ?? '';
  return first.startsWith('file=') ? '' : first;
}
