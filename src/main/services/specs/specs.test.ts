import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { watchFolderWith } from '#main/base/watch-folder.ts';
import type { SpecList } from '#shared/contract/specs.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';

import { Specs } from './specs.ts';

const projectId = 'project' as ProjectId;
const slug = (text: string): SpecSlug => text as SpecSlug;
const template = '---\n# a comment\ntitle: Template\nagents: []\nprompts: []\n---\n\nWhat must it do?\n';

let world: string;
let root: string;
let specs: Specs;

beforeEach(async () => {
  world = await realpath(await mkdtemp(join(tmpdir(), 'specs-')));
  root = join(world, 'project');
  await mkdir(join(root, '.git'), { recursive: true });
  // Its modules are in no project that has not been set up.
  await writeFile(join(world, 'template.md'), template.replace('prompts: []', 'prompts: [architecture, testing]'));
  specs = new Specs({
    projects: { require: () => ({ path: root }) },
    template: join(world, 'template.md'),
    watch: watchFolderWith(silentLog),
    log: silentLog,
  });
});

afterEach(async () => {
  specs.dispose();
  await rm(world, { recursive: true, force: true });
});

const put = async (name: string, text: string): Promise<string> => {
  await mkdir(join(root, 'specs'), { recursive: true });
  await writeFile(join(root, 'specs', name), text);
  return text;
};
const onDisk = (name: string): Promise<string> => readFile(join(root, 'specs', name), 'utf8');
const files = async (): Promise<readonly string[]> => (await readdir(join(root, 'specs'))).toSorted();
const read = async (name: string) => {
  const file = await specs.read({ projectId, slug: slug(name) });
  if (!file.ok) throw new Error(`no ${name}`);
  return file.value;
};

/** What the page has been told so far, newest last. */
const follow = (): {
  lists: SpecList[];
  stop: () => void;
  until: (test: (list: SpecList) => boolean) => Promise<void>;
} => {
  const lists: SpecList[] = [];
  const subscription = specs.onDidChange(projectId, (list) => lists.push(list));
  return {
    lists,
    stop: () => subscription.dispose(),
    until: (test) =>
      vi.waitFor(() => {
        expect(lists.some(test)).toBe(true);
      }, 10_000),
  };
};
const slugs = ({ specs: found }: SpecList): string => found.map((spec) => spec.slug).join();

const once = async (): Promise<SpecList> => {
  const { lists, stop, until } = follow();
  await until(() => true);
  stop();
  return lists[0]!;
};

describe('the list of specs', () => {
  it('is what the files say', async () => {
    await put('b-two.md', 'no front matter');
    await put(
      'a-one.md',
      '---\ntitle: The first\nagents: [claude]\nbase: main\nbranch: x\nfootprint: [src/**]\nafter: [b-two]\nacceptance:\n  - { id: a, text: t, check: c }\n---\n',
    );
    await utimes(join(root, 'specs', 'a-one.md'), 1000, 1000);
    expect(await once()).toEqual({
      specs: [
        {
          slug: 'a-one',
          prompts: [],
          source: null,
          title: 'The first',
          path: 'specs/a-one.md',
          agents: ['claude'],
          base: 'main',
          branch: 'x',
          footprint: ['src/**'],
          after: ['b-two'],
          acceptanceCount: 1,
          problemCount: 0,
          modifiedAt: 1_000_000,
        },
        expect.objectContaining({ slug: 'b-two', title: 'b-two', problemCount: 1 }),
      ],
      strays: [],
    });
  });

  it('names the files that are no specs, with the reason, and leaves others out', async () => {
    await put('fine.md', '---\ntitle: Fine\n---\n');
    await put('Not A Slug.md', 'x');
    await put('SHOUT.MD', 'x');
    await put('nul.md', 'x');
    await put('日本.md', 'x');
    await put('README.md', 'x');
    await put('.hidden.md', 'x');
    await put('picture.png', 'x');
    await writeFile(join(root, 'specs', 'latin.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9]));
    await writeFile(join(root, 'specs', 'huge.md'), 'x'.repeat(2_000_001));
    await mkdir(join(root, 'specs', 'folder.md'));
    await writeFile(join(world, 'outside.md'), 'secret');
    await writeFile(join(root, '.git', 'config'), 'secret');
    await writeFile(join(root, 'inside.md'), '---\ntitle: Inside\n---\n');
    await symlink(join(world, 'outside.md'), join(root, 'specs', 'outside.md'));
    await symlink('../.git/config', join(root, 'specs', 'git-config.md'));
    await symlink('../inside.md', join(root, 'specs', 'inside.md'));
    await symlink('nowhere', join(root, 'specs', 'nowhere.md'));

    const list = await once();
    expect(slugs(list)).toBe('fine,inside');
    expect(list.strays.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "specs/Not A Slug.md: A spec's file name is lower-case letters, digits and single dashes. Rename it to not-a-slug.md.",
      "specs/SHOUT.MD: A spec's file name is lower-case letters, digits and single dashes. Rename it to shout.md.",
      'specs/folder.md: It is not a file.',
      "specs/git-config.md: It is a symbolic link into the repository's own data.",
      'specs/huge.md: It is larger than 2 MB.',
      'specs/latin.md: It is not UTF-8 text.',
      'specs/nowhere.md: It is a symbolic link to nothing.',
      'specs/nul.md: Windows keeps this name for itself. Rename the file.',
      'specs/outside.md: It is a symbolic link to outside the project.',
      "specs/日本.md: A spec's file name is lower-case letters, digits and single dashes.",
    ]);
    for (const name of ['outside', 'git-config', 'huge', 'latin', 'folder', 'nowhere', 'gone']) {
      expect(await specs.read({ projectId, slug: slug(name) })).toMatchObject({
        ok: false,
        error: { kind: 'spec-missing' },
      });
    }
  });

  it('is not led out of the project by the folder itself', async () => {
    await mkdir(join(world, 'elsewhere'));
    await writeFile(join(world, 'elsewhere', 'a.md'), 'secret');
    await symlink(join(world, 'elsewhere'), join(root, 'specs'));
    expect(await once()).toEqual({
      specs: [],
      strays: [{ path: 'specs', reason: 'It is a symbolic link to outside the project.' }],
    });
    expect(await specs.create({ projectId, title: 'New' })).toMatchObject({ error: { kind: 'could-not-write' } });
    expect(await specs.save({ projectId, slug: slug('b'), text: 'x', version: null })).toMatchObject({
      error: { kind: 'could-not-write' },
    });
    expect(await readdir(join(world, 'elsewhere'))).toEqual(['a.md']);
  });

  it('says so when a file stands where the folder should be', async () => {
    await writeFile(join(root, 'specs'), 'x');
    expect((await once()).strays).toEqual([{ path: 'specs', reason: 'It is a file, where a folder is expected.' }]);
    expect(await specs.create({ projectId, title: 'New' })).toMatchObject({ error: { kind: 'could-not-write' } });
  });

  it('follows the folder: not there, made, changed, moved away, made again', async () => {
    const { lists, until, stop } = follow();
    await until((list) => slugs(list) === '');
    await put('one.md', 'x');
    await until((list) => slugs(list) === 'one');
    await put('two.md', 'x');
    await until((list) => slugs(list) === 'one,two');
    await put('two.md', '---\ntitle: Second\n---\n');
    await until((list) => list.specs.some(({ title }) => title === 'Second'));
    await rm(join(root, 'specs', 'one.md'));
    await until((list) => slugs(list) === 'two');

    await rename(join(root, 'specs'), join(root, 'old'));
    await vi.waitFor(() => {
      expect(lists.at(-1)).toEqual({ specs: [], strays: [] });
    }, 10_000);
    await put('three.md', 'x');
    await until((list) => slugs(list) === 'three');
    await put('four.md', 'x');
    await until((list) => slugs(list) === 'four,three');
    stop();
  });

  it('stops telling a page that has left, and goes on for another', async () => {
    await put('one.md', 'x');
    const first = follow();
    const second = follow();
    await first.until(() => true);
    await second.until(() => true);
    first.stop();
    await put('two.md', 'x');
    await second.until((list) => slugs(list) === 'one,two');
    expect(first.lists).toHaveLength(1);
    second.stop();
  });
});

describe('save', () => {
  it('writes what was edited, and keeps the mode', async () => {
    await put('a.md', 'one');
    await chmod(join(root, 'specs', 'a.md'), 0o640);
    const { version } = await read('a');
    const saved = await specs.save({ projectId, slug: slug('a'), text: 'two\r\n', version });
    expect(saved).toEqual({ ok: true, value: { version: (await read('a')).version } });
    expect(await onDisk('a.md')).toBe('two\r\n');
    expect((await stat(join(root, 'specs', 'a.md'))).mode & 0o777).toBe(0o640);
    expect(await files()).toEqual(['a.md']);
  });

  it('never overwrites what came from elsewhere, and hands it over', async () => {
    await put('a.md', 'one');
    const { version } = await read('a');
    await put('a.md', 'by hand');
    const refused = await specs.save({ projectId, slug: slug('a'), text: 'two', version });
    const theirs = await read('a');
    expect(refused).toEqual({
      ok: false,
      error: { kind: 'changed-on-disk', text: 'by hand', version: theirs.version },
    });
    expect(await onDisk('a.md')).toBe('by hand');
    // Having seen it, the person can decide for their own text.
    expect(await specs.save({ projectId, slug: slug('a'), text: 'two', version: theirs.version })).toMatchObject({
      ok: true,
    });
    expect(await onDisk('a.md')).toBe('two');
  });

  it('does not bring back a file that was deleted unless told that it is gone', async () => {
    await put('a.md', 'one');
    const { version } = await read('a');
    await rm(join(root, 'specs'), { recursive: true });
    const gone = { kind: 'changed-on-disk', text: null, version: null };
    expect(await specs.save({ projectId, slug: slug('a'), text: 'two', version })).toEqual({ ok: false, error: gone });
    expect(await specs.save({ projectId, slug: slug('a'), text: 'two', version: null })).toMatchObject({ ok: true });
    expect(await onDisk('a.md')).toBe('two');
    // The second time somebody is there already, and be it ourselves.
    expect(await specs.save({ projectId, slug: slug('a'), text: 'three', version: null })).toMatchObject({
      error: { kind: 'changed-on-disk', text: 'two' },
    });
  });

  it('lets only one of several saves from the same version win', async () => {
    await put('a.md', 'start');
    const { version } = await read('a');
    const texts = Array.from({ length: 8 }, (_, index) => `text ${String(index)}`);
    const results = await Promise.all(texts.map((text) => specs.save({ projectId, slug: slug('a'), text, version })));
    expect(results.map(({ ok }) => ok)).toEqual([true, ...Array.from({ length: 7 }, () => false)]);
    expect(await onDisk('a.md')).toBe('text 0');
    expect(await files()).toEqual(['a.md']);
  });

  it('writes through a link inside the project and refuses one that leaves it', async () => {
    await mkdir(join(root, 'specs'));
    await writeFile(join(root, 'real.md'), 'one');
    await symlink('../real.md', join(root, 'specs', 'a.md'));
    await writeFile(join(world, 'outside.md'), 'theirs');
    await symlink(join(world, 'outside.md'), join(root, 'specs', 'b.md'));
    await symlink('nowhere', join(root, 'specs', 'c.md'));
    const { version } = await read('a');
    expect(await specs.save({ projectId, slug: slug('a'), text: 'two', version })).toMatchObject({ ok: true });
    expect(await readFile(join(root, 'real.md'), 'utf8')).toBe('two');
    for (const [name, known] of [
      ['b', version],
      ['b', null],
      ['c', null],
    ] as const) {
      expect(await specs.save({ projectId, slug: slug(name), text: 'two', version: known })).toMatchObject({
        ok: false,
        error: { kind: 'could-not-write' },
      });
    }
    expect(await readFile(join(world, 'outside.md'), 'utf8')).toBe('theirs');
  });

  it('leaves another name of the same file as it was', async () => {
    await put('a.md', 'one');
    await link(join(root, 'specs', 'a.md'), join(root, 'backup.md'));
    const { version } = await read('a');
    await specs.save({ projectId, slug: slug('a'), text: 'two', version });
    expect(await readFile(join(root, 'backup.md'), 'utf8')).toBe('one');
  });

  it('keeps a byte order mark and every other odd character', async () => {
    const text = await put('a.md', '\uFEFF---\r\ntitle: x\r\n---\r\n\u0000\u2028😀 no newline');
    const file = await read('a');
    expect(file.text).toBe(text);
    await specs.save({ projectId, slug: slug('a'), text: `${text}!`, version: file.version });
    expect(await onDisk('a.md')).toBe(`${text}!`);
  });
});

describe('create', () => {
  it('starts from our template, in a folder that is made when it is missing', async () => {
    const made = await specs.create({ projectId, title: '  Über: the\nfirst ' });
    const text = template.replace('Template', '"Über: the first"');
    expect(made).toMatchObject({ ok: true, value: { slug: 'uber-the-first', text } });
    expect(await read('uber-the-first')).toEqual(made.ok && made.value);
  });

  it("starts from the project's own template, unless that leads out of it", async () => {
    await mkdir(join(root, '.switchyard'));
    await writeFile(join(root, '.switchyard', 'spec.md'), 'Ours\n');
    expect(await specs.create({ projectId, title: 'One' })).toMatchObject({
      value: { text: '---\ntitle: One\n---\n\nOurs\n' },
    });
    await rm(join(root, '.switchyard', 'spec.md'));
    await writeFile(join(world, 'secret.md'), 'secret');
    await symlink(join(world, 'secret.md'), join(root, '.switchyard', 'spec.md'));
    expect(await specs.create({ projectId, title: 'Two' })).toMatchObject({
      value: { text: template.replace('Template', 'Two') },
    });
  });

  it('starts from nothing where the template is broken', async () => {
    await mkdir(join(root, '.switchyard'));
    await writeFile(join(root, '.switchyard', 'spec.md'), '---\ntitle: [\n---\nOurs\n');
    expect(await specs.create({ projectId, title: 'One' })).toMatchObject({
      value: { text: '---\ntitle: One\n---\n\n' },
    });
  });

  it('refuses a name that is taken, in any letter case, and leaves what is there', async () => {
    await put('taken.md', 'mine');
    await put('Other.md', 'mine');
    await symlink('nowhere', join(root, 'specs', 'link.md'));
    for (const title of ['Taken', 'OTHER', 'Link']) {
      expect(await specs.create({ projectId, title })).toEqual({
        ok: false,
        error: { kind: 'slug-taken', slug: title.toLowerCase() },
      });
    }
    expect(await onDisk('taken.md')).toBe('mine');
    expect(await files()).toEqual(['Other.md', 'link.md', 'taken.md']);
  });

  it.each(['   ', '日本語', '!!!', '\u0000'])(
    'refuses the title %j, of which no file name can be made',
    async (title) => {
      expect(await specs.create({ projectId, title })).toMatchObject({ error: { kind: 'bad-title' } });
    },
  );

  it('keeps two specs of the same title at the same moment apart', async () => {
    const made = await Promise.all([1, 2, 3].map(() => specs.create({ projectId, title: 'Same' })));
    expect(made.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await files()).toEqual(['same.md']);
  });
});

describe('rename', () => {
  it('gives the file another name and another title, and changes nothing else', async () => {
    const text = await put('old.md', '---\n# note\ntitle: Old   # here\nbase: main\n---\nBody\n');
    await chmod(join(root, 'specs', 'old.md'), 0o600);
    const renamed = await specs.rename({ projectId, slug: slug('old'), title: 'New: one' });
    expect(renamed).toMatchObject({ ok: true, value: { slug: 'new-one', text: text.replace('Old', '"New: one"') } });
    expect(await files()).toEqual(['new-one.md']);
    expect(await read('new-one')).toEqual(renamed.ok && renamed.value);
    expect((await stat(join(root, 'specs', 'new-one.md'))).mode & 0o777).toBe(0o600);
  });

  it('changes only the title where the name stays', async () => {
    await put('same.md', '---\ntitle: Same\n---\n');
    expect(await specs.rename({ projectId, slug: slug('same'), title: 'SAME!' })).toMatchObject({
      value: { slug: 'same', text: '---\ntitle: SAME!\n---\n' },
    });
    expect(await onDisk('same.md')).toBe('---\ntitle: SAME!\n---\n');
  });

  it('refuses what would overwrite, lose or guess, and changes nothing', async () => {
    await put('a.md', '---\ntitle: A\n---\n');
    await put('B.md', 'theirs');
    await put('broken.md', '---\ntitle: "A\n---\n');
    const rename = (name: string, title: string) => specs.rename({ projectId, slug: slug(name), title });
    expect(await rename('a', 'B')).toMatchObject({ error: { kind: 'slug-taken', slug: 'b' } });
    expect(await rename('a', '…')).toMatchObject({ error: { kind: 'bad-title' } });
    expect(await rename('broken', 'C')).toMatchObject({ error: { kind: 'bad-title' } });
    expect(await rename('gone', 'C')).toMatchObject({ error: { kind: 'spec-missing' } });
    expect(await files()).toEqual(['B.md', 'a.md', 'broken.md']);
    expect(await onDisk('a.md')).toBe('---\ntitle: A\n---\n');
  });
});

describe('remove', () => {
  it('hands over the text, so that it can be taken back', async () => {
    const text = await put('a.md', 'precious');
    expect(await specs.remove({ projectId, slug: slug('a') })).toEqual({ ok: true, value: { text } });
    expect(await files()).toEqual([]);
    expect(await specs.remove({ projectId, slug: slug('a') })).toMatchObject({ error: { kind: 'spec-missing' } });
    await specs.save({ projectId, slug: slug('a'), text, version: null });
    expect(await onDisk('a.md')).toBe('precious');
  });

  it('removes a link and not what it leads to', async () => {
    await mkdir(join(root, 'specs'));
    await writeFile(join(root, 'real.md'), 'one');
    await symlink('../real.md', join(root, 'specs', 'a.md'));
    expect(await specs.remove({ projectId, slug: slug('a') })).toMatchObject({ ok: true });
    expect(await readFile(join(root, 'real.md'), 'utf8')).toBe('one');
  });

  it('does not touch what it cannot hand over', async () => {
    await mkdir(join(root, 'specs'));
    await writeFile(join(root, 'specs', 'binary.md'), Buffer.from([0xff, 0xfe]));
    expect(await specs.remove({ projectId, slug: slug('binary') })).toMatchObject({ error: { kind: 'spec-missing' } });
    expect(await files()).toEqual(['binary.md']);
  });
});

describe('find', () => {
  it('tells a spawn what it must know, with the errors in words and without the warnings', async () => {
    await put('a.md', '---\ntitle: A\nbase: dev\nbranch: x/{slug}\nmood: good\nagents: [Bad!]\n---\n');
    expect(await specs.find(projectId, slug('a'))).toEqual({
      after: [],
      slug: 'a',
      title: 'A',
      base: 'dev',
      branch: 'x/{slug}',
      errors: [expect.stringMatching(/^Line 6 of the spec “a”: In `agents`, “Bad!”/) as string],
    });
    expect(await specs.find(projectId, slug('gone'))).toBeNull();
  });
});
