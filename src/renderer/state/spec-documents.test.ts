import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { host } from '#renderer/app/host.ts';
import type { monaco } from '#renderer/monaco/monaco.ts';
import type { Project } from '#shared/contract/projects.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';

import { editedTexts, letGoOfEdits } from './kept-documents.ts';
import { useMirror } from './mirror.ts';
import { dropSpec, openSpec, saveSpec, specDocument, useSpecDocuments } from './spec-documents.ts';
import { useView } from './view.ts';

const first = 'first' as ProjectId;
const second = 'second' as ProjectId;
const slug = 'plan' as SpecSlug;

/** What the files hold. */
let files: Map<string, string>;
vi.mock('#renderer/app/host.ts', () => ({ host: { specs: {} } }));

/** A text as an editor has it: without a byte order mark, and with one kind of line end. */
class FakeModel {
  text: string;
  isGone = false;
  readonly #listeners: (() => void)[] = [];

  constructor(text: string) {
    this.text = plain(text);
  }

  getValue = (): string => this.text;
  isDisposed = (): boolean => this.isGone;
  dispose = (): void => {
    this.isGone = true;
  };
  onDidChangeContent = (listener: () => void): void => {
    this.#listeners.push(listener);
  };
  getFullModelRange = (): null => null;
  pushStackElement = (): void => undefined;
  pushEditOperations = (_: unknown, [edit]: [{ text: string }]): void => this.type(plain(edit.text));
  type(text: string): void {
    if (this.isGone) throw new Error('the text was let go of');
    this.text = text;
    for (const listener of this.#listeners) listener();
  }
}
const plain = (text: string): string => text.replace(/^\uFEFF/u, '').replaceAll(/\r\n|\r/gu, '\n');

function enter(id: ProjectId | null): void {
  useMirror.setState({ project: id === null ? null : ({ id } as Project) });
  useView.getState().enterProject(id);
}
const open = async (id: ProjectId, which = slug): Promise<FakeModel> => {
  await openSpec(id, which, (text) => new FakeModel(text) as unknown as monaco.editor.ITextModel);
  return specDocument(useSpecDocuments.getState(), id, which)?.model as unknown as FakeModel;
};

beforeEach(() => {
  files = new Map([
    [`${first}/plan`, 'one\n'],
    [`${first}/other`, 'other\n'],
    [`${second}/plan`, 'two\n'],
  ]);
  const answers = {
    read: ({ projectId, slug: asked }: { projectId: string; slug: string }) => {
      const text = files.get(`${projectId}/${asked}`);
      return Promise.resolve(
        text === undefined
          ? { ok: false, error: { kind: 'spec-missing' } }
          : { ok: true, value: { text, version: text } },
      );
    },
    save: ({ projectId, slug: asked, text }: { projectId: string; slug: string; text: string }) => {
      files.set(`${projectId}/${asked}`, text);
      return Promise.resolve({ ok: true, value: { version: text } });
    },
  };
  Object.assign(host.specs, answers);
});
afterEach(() => {
  enter(null);
  for (const id of [first, second]) for (const one of [slug, 'other' as SpecSlug]) dropSpec(id, one);
  vi.restoreAllMocks();
});

describe('edits of a spec that are not saved', () => {
  it('are there when their project is opened again after another one', async () => {
    enter(first);
    const model = await open(first);
    model.type('one and a thought\n');
    // The host came back without the project, and the person opens another one.
    enter(null);
    expect(useView.getState().unsavedIn.size).toBe(1);
    enter(second);
    expect(useView.getState().unsavedSpecs.size).toBe(0);
    const other = await open(second);
    expect(other.getValue()).toBe('two\n');
    expect(useView.getState().unsavedIn.get(first)).toEqual(new Set([slug]));

    enter(first);
    expect(useView.getState().unsavedSpecs).toEqual(new Set([slug]));
    expect((await open(first)).getValue()).toBe('one and a thought\n');
    expect(await saveSpec(first, slug)).toEqual({ kind: 'saved' });
    expect(files.get(`${first}/plan`)).toBe('one and a thought\n');
    expect(files.get(`${second}/plan`)).toBe('two\n');
    expect(useView.getState().unsavedIn.size).toBe(0);
  });

  it('can be had, and let go of, while no editor of theirs is there', async () => {
    enter(first);
    (await open(first)).type('one and a thought\n');
    await open(first, 'other' as SpecSlug);
    enter(null);
    const expected = [{ name: 'specs/plan.md', text: 'one and a thought\n' }];
    expect(editedTexts(first)).toEqual(expected);
    enter(second);
    await open(second);
    expect(editedTexts(first)).toEqual(expected);
    expect(editedTexts(second)).toEqual([]);
    letGoOfEdits(first);
    expect(useView.getState().unsavedIn.size).toBe(0);
    expect(editedTexts(first)).toEqual([]);
  });

  it('stay when a spec of the same name is deleted in another project', async () => {
    enter(first);
    (await open(first)).type('one and a thought\n');
    enter(second);
    dropSpec(second, slug);
    enter(first);
    expect((await open(first)).getValue()).toBe('one and a thought\n');
  });

  it('are let go of with their project when they have been saved', async () => {
    enter(first);
    const saved = await open(first, 'other' as SpecSlug);
    enter(second);
    await open(second);
    expect(saved.isGone).toBe(true);
    expect(useSpecDocuments.getState().elsewhere.size).toBe(0);
  });
});

describe('a spec that is let go of while it is being saved', () => {
  it('does not come back with that, and is opened as it is on disk later', async () => {
    enter(first);
    const model = await open(first);
    model.type('one and a thought\n');
    const answer = Promise.withResolvers<void>();
    const { save } = host.specs;
    vi.spyOn(host.specs, 'save').mockImplementation(async (request) => {
      await answer.promise;
      return save(request);
    });
    const saving = saveSpec(first, slug);
    dropSpec(first, slug);
    await vi.waitUntil(() => model.isGone);
    answer.resolve();
    expect(await saving).toEqual({ kind: 'saved' });
    expect(specDocument(useSpecDocuments.getState(), first, slug)).toBeUndefined();
    files.set(`${first}/plan`, 'anew\n');
    expect((await open(first)).getValue()).toBe('anew\n');
  });
});

describe('a spec with a byte order mark and several kinds of line ends', () => {
  const text = '\uFEFFone\r\ntwo\nthree\r\n';

  it('is not edited by being opened, and differs in the edited line alone when it is saved', async () => {
    files.set(`${first}/plan`, text);
    enter(first);
    const model = await open(first);
    model.type('one\ntwo words\nthree\n');
    expect(useView.getState().unsavedSpecs.size).toBe(1);
    model.type('one\ntwo\nthree\n');
    expect(useView.getState().unsavedSpecs.size).toBe(0);
    model.type('one\ntwo words\nthree\n');
    await saveSpec(first, slug);
    expect(files.get(`${first}/plan`)).toBe('\uFEFFone\r\ntwo words\nthree\r\n');
    expect(useView.getState().unsavedSpecs.size).toBe(0);
  });
});
