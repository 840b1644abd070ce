import { fileBlocks, type FileBlock } from './file-blocks.ts';
import { closesFence, openFence, type OpenFence } from './fence.ts';
import { specTextOf } from './import/imported-spec.ts';
import type { Acceptance } from './spec-file.ts';
import type { SpecSection } from './spec-section.ts';
import { slugOf } from './spec-slug.ts';

/** Where an agent that splits a spec writes its drafts, from the top of its worktree. */
export const draftsFolder = '.switchyard/drafts';

/** How a prompt says that its spec is to be split. */
export const splitTaskTag = '<task kind="split">';

const maxDrafts = 6;

/**
 * Cuts a spec into smaller ones without understanding it: one for each point of its acceptance, with those of the quoted
 * files that this point names. For demonstrations and tests; the same spec always gives the same drafts.
 */
export function splitSpec(spec: SpecSection): readonly { name: string; text: string }[] {
  const { blocks } = fileBlocks(spec.body);
  const criteria = spec.acceptance.slice(0, maxDrafts);
  const groups: readonly { criterion: Acceptance | null; files: FileBlock[] }[] =
    criteria.length > 0 ? criteria.map((criterion) => ({ criterion, files: [] })) : [{ criterion: null, files: [] }];
  for (const block of blocks) {
    const named = groups.find(({ criterion }) => criterion !== null && names(criterion, block.path));
    // What no point names is given to the one that has least, so that the parts are of a size.
    const smallest = groups.toSorted((a, b) => a.files.length - b.files.length)[0];
    (named ?? smallest)?.files.push(block);
  }
  const prose = withoutFileBlocks(spec.body);
  const taken = new Set<string>();
  return groups.map(({ criterion, files }, index) => {
    const title = criterion === null ? spec.title : `${spec.title}: ${shortened(criterion.text)}`;
    const base = slugOf(`${spec.slug} ${criterion?.id ?? ''}`) ?? `part-${String(index + 1)}`;
    const name = taken.has(base) ? `${base}-${String(index + 1)}` : base;
    taken.add(name);
    const quoted = files.map(quote);
    const body = [prose, ...(quoted.length > 0 ? ['## The files', ...quoted] : [])].join('\n\n');
    const text = specTextOf(
      {
        title,
        body,
        acceptance: criterion === null ? [] : [criterion],
        ask: null,
        notes: [],
        footprint: files.map(({ path }) => path),
      },
      null,
    );
    return { name, text };
  });
}

/** Whether a point speaks of a file: by its path, or by its name without what every test file's name has. */
function names({ id, text, check }: Acceptance, path: string): boolean {
  const stem = (path.split('/').at(-1) ?? path).replace(/\.(?:test|spec)?\.?[a-z]+$/i, '');
  const said = `${id} ${text} ${check ?? ''}`.toLowerCase();
  return said.includes(path.toLowerCase()) || (stem.length > 3 && said.includes(stem.toLowerCase()));
}

const shortened = (text: string): string => {
  const words = text.replace(/[.!]+$/, '');
  return words.length <= 60 ? words : `${words.slice(0, words.lastIndexOf(' ', 58))} …`;
};

function quote({ path, language, text }: FileBlock): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language === '' ? 'text' : language} file="${path}"\n${text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}

function withoutFileBlocks(markdown: string): string {
  let open: OpenFence | null = null;
  let isFile = false;
  const kept: string[] = [];
  for (const line of markdown.split(/\r?\n/)) {
    const wasOpen = open !== null;
    if (open !== null && closesFence(line, open)) open = null;
    else if (open === null) {
      open = openFence(line);
      isFile = open !== null && /(?:^|\s)file=/.test(open.info);
    }
    if (!(isFile && (wasOpen || open !== null))) kept.push(line);
    if (open === null && wasOpen) isFile = false;
  }
  return kept
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}
