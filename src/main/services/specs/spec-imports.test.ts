import { chmod, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import { Gh } from '#main/services/gh/gh.ts';
import type { DraftOrigin, SpecDraft } from '#shared/contract/imports.ts';
import type { SpecList } from '#shared/contract/specs.ts';
import type { ProjectId, RunId, SpecSlug } from '#shared/ids.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import { GithubIssues } from './github-issues.ts';
import { SpecImports } from './spec-imports.ts';
import { Specs } from './specs.ts';

const projectId = 'project' as ProjectId;
const slug = (name: string): SpecSlug => name as SpecSlug;
const requirements =
  '# Requirements\n\n### Requirement 1\n\n#### Acceptance Criteria\n\n1. WHEN asked THE SYSTEM SHALL answer\n';

let world: string;
let root: string;
let specs: Specs;
let imports: SpecImports;

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'imports-')));
  root = join(world, 'project');
  await mkdir(join(world, 'bin'));
  const projects = { require: () => ({ path: root }) };
  specs = new Specs({ projects, watch: watchFolderWith(silentLog), log: silentLog, template: join(world, 'none') });
  imports = new SpecImports({
    projects,
    specs,
    issues: new GithubIssues(new Gh(() => Promise.resolve({ PATH: join(world, 'bin') }), process.platform)),
    run: (id) => (id === 'run' ? { projectId, worktreePath: join(world, 'worktree') } : undefined),
  });
  await put('.kiro/specs/answers/requirements.md', requirements);
  await put('specs/README.md', 'Our specs');
});

afterEach(async () => {
  specs.dispose();
  await rm(world, { recursive: true, force: true });
});

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
}
async function drafts(from: DraftOrigin): Promise<readonly SpecDraft[]> {
  const made = await imports.draft({ projectId, from });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  return made.value;
}
async function take(from: DraftOrigin): Promise<SpecSlug> {
  const [draft] = await drafts(from);
  await imports.write({ projectId, drafts: [draft!] });
  return draft!.slug;
}
const textOf = (name: string): Promise<string> => readFile(join(root, `specs/${name}.md`), 'utf8');

/** A `gh` that answers as the real one does, and writes down what it was asked. */
async function scriptGh(script: string): Promise<void> {
  const path = join(world, 'bin', 'gh');
  await writeFile(path, `#!${process.execPath}\nconst args = process.argv.slice(2);\n${script}`);
  await chmod(path, 0o755);
}

describe('specs of other tools', () => {
  it('are found, with what was made of them', async () => {
    await put('specs/001-photo-albums/spec.md', '# Feature Specification: Albums\n\n- **FR-001**: It MUST work\n');
    await put('specs/notes/spec.md', 'Not one of spec-kit');
    await put('.kiro/specs/empty/other.md', 'x');
    expect(await imports.find({ projectId })).toEqual({
      ok: true,
      value: [
        { kind: 'kiro', at: '.kiro/specs/answers', title: 'Answers', acceptanceCount: 1, slug: null },
        { kind: 'spec-kit', at: 'specs/001-photo-albums', title: 'Albums', acceptanceCount: 1, slug: null },
      ],
    });
    await take({ kind: 'kiro', at: '.kiro/specs/answers' });
    const again = await imports.find({ projectId });
    expect(again.ok && again.value.map((each) => each.slug)).toEqual(['answers', null]);
  });

  it('become a spec that is in step, says when it is not, and is never changed by itself', async () => {
    const lists: SpecList[] = [];
    const following = specs.onDidChange(projectId, (list) => lists.push(list));
    const state = (): string | undefined => lists.at(-1)?.specs.find((each) => each.slug === 'answers')?.source?.state;
    await take({ kind: 'kiro', at: '.kiro/specs/answers' });
    await vi.waitFor(() => expect(state()).toBe('in-step'), 20_000);
    const mine = (await textOf('answers')).replace('agents: []', 'agents: [claude]');
    await put('specs/answers.md', mine);

    await put('.kiro/specs/answers/requirements.md', requirements.replace('answer', 'say so'));
    await vi.waitFor(() => expect(state()).toBe('changed'), 20_000);
    expect(await textOf('answers')).toBe(mine);
    const compared = await imports.compare({ projectId, slug: slug('answers') });
    if (!compared.ok) throw new Error(compared.error.kind);
    expect(compared.value).toMatchObject({ isInStep: false, text: mine });
    expect(parseSpec(compared.value.takenOver).frontMatter).toMatchObject({
      agents: ['claude'],
      acceptance: [{ id: '1.1', text: 'WHEN asked THE SYSTEM SHALL say so' }],
    });
    expect(compared.value.kept.replace(compared.value.source.hash, '')).toBe(
      mine.replace(/hash: .*/, 'hash: ').replace('hash: "', 'hash: '),
    );

    const { takenOver: text, version } = compared.value;
    expect(await specs.save({ projectId, slug: slug('answers'), text, version })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(state()).toBe('in-step'), 20_000);
    expect(await imports.compare({ projectId, slug: slug('answers') })).toMatchObject({ value: { isInStep: true } });

    await rm(join(root, '.kiro'), { recursive: true });
    await vi.waitFor(() => expect(state()).toBe('gone'), 20_000);
    expect(await imports.compare({ projectId, slug: slug('answers') })).toMatchObject({
      error: { kind: 'source-missing', at: '.kiro/specs/answers' },
    });
    following.dispose();
  });

  it('are only looked for where they belong', async () => {
    await writeFile(join(world, 'requirements.md'), requirements);
    for (const at of ['..', '.kiro/specs/..', '.kiro/specs/a/b', '/etc', 'specs/001-x/../..']) {
      expect(await imports.draft({ projectId, from: { kind: 'kiro', at } })).toMatchObject({
        error: { kind: 'source-missing' },
      });
    }
    await put('specs/odd.md', '---\ntitle: Odd\nsource: { kind: kiro, at: ../../.ssh, hash: x }\n---\n');
    expect(await imports.compare({ projectId, slug: slug('odd') })).toMatchObject({ error: { kind: 'no-source' } });
    expect(await imports.compare({ projectId, slug: slug('none') })).toMatchObject({ error: { kind: 'spec-missing' } });
  });
});

describe('issues', () => {
  it('are read through gh, which is asked for nothing but to read', async () => {
    await scriptGh(`
      require('node:fs').appendFileSync(${JSON.stringify(join(world, 'asked'))}, JSON.stringify(args) + '\\n');
      const body = 'Why.\\r\\n\\r\\n### Acceptance criteria\\r\\n- [ ] It works';
      console.log(JSON.stringify(args[1] === 'list'
        ? [{ number: 7, title: 'Add --json', labels: [{ name: 'cli' }], updatedAt: '2026-01-01T00:00:00Z', url: 'https://github.com/a/b/issues/7' }]
        : { number: 7, title: 'Add --json', body }));`);
    expect(await imports.issues({ projectId, search: ' --web ' })).toMatchObject({
      ok: true,
      value: [{ number: 7, title: 'Add --json', labels: ['cli'], slug: null }],
    });
    const made = await take({ kind: 'github', issue: 7 });
    expect(made).toBe('add-json');
    expect(parseSpec(await textOf('add-json')).frontMatter).toMatchObject({
      title: 'Add --json',
      acceptance: [{ text: 'It works' }],
      source: { kind: 'github', at: '7' },
    });
    expect(await imports.compare({ projectId, slug: made })).toMatchObject({ value: { isInStep: true } });
    const asked = (await readFile(join(world, 'asked'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as string[]);
    expect(asked[0]).toContain('--search=--web');
    expect(asked.map((args) => args.slice(0, 2).join(' '))).toEqual(['issue list', 'issue view', 'issue view']);
  });

  it('that cannot be read: it is said why, and what is missing', async () => {
    const listed = () => imports.issues({ projectId, search: '' });
    expect(await listed()).toEqual({ ok: false, error: { kind: 'gh-missing' } });
    await scriptGh(
      `console.error('\\u001b[31mTo get started with GitHub CLI, please run:  gh auth login'); process.exit(4);`,
    );
    expect(await listed()).toEqual({
      ok: false,
      error: { kind: 'gh-failed', message: 'To get started with GitHub CLI, please run:  gh auth login' },
    });
    await scriptGh(`console.log('<html>');`);
    expect(await listed()).toMatchObject({ error: { kind: 'gh-failed', message: /form that is not known/ } });
  });
});

describe('drafts', () => {
  it('of a paste are shown before anything is written, and overwrite nothing', async () => {
    await put('specs/one.md', '---\ntitle: Mine\n---\n');
    const made = await drafts({ kind: 'pasted', text: '# One\n\na\n\n# Two\n\nb\n\n# Two\n\nc\n\n# 日本\n' });
    expect(made.map(({ slug: name, isTaken }) => [name, isTaken])).toEqual([
      ['one', true],
      ['two', false],
      ['two-2', false],
      ['imported-4', false],
    ]);
    await expect(textOf('two')).rejects.toThrow('ENOENT');
    expect(await imports.write({ projectId, drafts: made.slice(0, 2) })).toEqual({
      ok: true,
      value: {
        written: ['two'],
        refused: [{ slug: 'one', reason: expect.stringContaining('left as it is') as string }],
      },
    });
    expect(await textOf('one')).toBe('---\ntitle: Mine\n---\n');
  });

  it('of an agent that split a spec are read from its worktree, under the names it gave them', async () => {
    const folder = join(world, 'worktree/.switchyard/drafts');
    expect(await imports.splitDrafts({ id: 'run' as RunId })).toEqual({
      ok: false,
      error: { kind: 'no-drafts', folder },
    });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'b-second.md'), '---\ntitle: The second\nafter: [a-first]\n---\nText\n');
    await writeFile(join(folder, 'a-first.md'), '# The first\n\nText\n');
    await writeFile(join(folder, 'empty.md'), '');
    await writeFile(join(folder, 'broken.md'), '---\ntitle: [\n---\n');
    const made = await imports.splitDrafts({ id: 'run' as RunId });
    expect(made.ok && made.value.map(({ slug: name, title }) => `${name}: ${title}`)).toEqual([
      'a-first: The first',
      'b-second: The second',
      expect.stringMatching(/^broken: /) as string,
    ]);
    expect(await imports.splitDrafts({ id: 'gone' as RunId })).toMatchObject({ error: { kind: 'run-missing' } });
  });
});
