import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { silentLog } from '#main/base/log.ts';
import { parseProjectConfig } from '#main/services/projects/config.ts';
import { Prompts } from '#main/services/prompts/prompts.ts';
import type { ProjectId, SpecSlug } from '#shared/ids.ts';
import { fileBlocks } from '#shared/spec/file-blocks.ts';
import { parseSpec } from '#shared/spec/spec-file.ts';

import { Specs } from './specs.ts';

const templateFolder = join(import.meta.dirname, '../../../../specs-template');
const projectId = 'project' as ProjectId;
const notWatched = () => ({ dispose: () => undefined });

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'template-')));
  await cp(templateFolder, root, { recursive: true });
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const configOf = async (text?: string) => {
  const place = { projectPath: root, commonDir: join(root, '.git'), homeFolder: '/home/ada', temporaryFolders: [] };
  return parseProjectConfig(text ?? (await readFile(join(root, '.switchyard/config.yaml'), 'utf8')), place);
};

describe('what a project is set up with', () => {
  it('has a config that changes nothing but what prompts get, and names no command', async () => {
    const { prompts, ...config } = await configOf();
    const { prompts: _none, ...defaults } = await configOf('');
    expect(config).toEqual(defaults);
    expect(prompts.always.length).toBeGreaterThan(0);
  });

  it('has a config whose examples are right when they are switched on', async () => {
    const text = await readFile(join(root, '.switchyard/config.yaml'), 'utf8');
    const switchedOn = text
      .replaceAll(/^# (?=(?:base|copy|dependencies|sparse|setup|teardown|agents|gates|tests):|  )/gm, '')
      .replace('copy: []\n', '');
    const config = await configOf(switchedOn);
    expect(config.problems).toEqual([]);
    expect(config).toMatchObject({ gates: [{ id: 'types' }, { id: 'tests' }], unreadable: [] });
    expect(config).toMatchObject({
      base: { branch: 'main' },
      setup: { run: 'npm ci' },
      teardown: { run: 'docker compose down' },
      tests: { timeoutMinutes: 10 },
      agents: [{ id: 'aider' }],
    });
  });

  it('has rules and modules that make a prompt without a problem, and a spec that can be spawned', async () => {
    const config = await configOf();
    const projects = { require: () => ({ path: root, config }) };
    const specs = new Specs({ projects, template: '', watch: notWatched, log: silentLog });
    const prompts = new Prompts({
      projects,
      specs,
      rulesOf: () => [],
      ownFolder: null,
      libraryFolder: null,
      watch: notWatched,
      log: silentLog,
    });
    const slug = 'example' as SpecSlug;
    expect(await specs.find(projectId, slug)).toMatchObject({ errors: [] });
    const made = await specs.create({ projectId, title: 'My first: one' });
    const text = made.ok ? made.value.text : '';
    const { problems, frontMatter } = parseSpec(text);
    expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      expect.stringMatching(/^warning: The criterion “tests” has no check/) as string,
    ]);
    expect(frontMatter.title).toBe('My first: one');
    for (const spec of [text, await readFile(join(root, 'specs/example.md'), 'utf8')]) {
      const composed = await prompts.compose({
        projectId,
        slug,
        text: spec,
        agentId: 'claude',
        branch: 'b',
        base: 'main',
      });
      expect(composed.ok && composed.value.problems).toEqual([]);
      expect(composed.ok && composed.value.parts.filter(({ kind }) => kind === 'invariant')).toHaveLength(2);
    }
    specs.dispose();
    prompts.dispose();
  });

  it('has an example whose quoted file meets its own checks', async () => {
    const { body, frontMatter } = parseSpec(await readFile(join(root, 'specs/example.md'), 'utf8'));
    for (const { path, text } of fileBlocks(body).blocks) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
      expect(frontMatter.footprint).toContain(path);
    }
    const checks = frontMatter.acceptance.flatMap(({ check }) => check ?? []);
    expect(checks).toHaveLength(1);
    for (const check of checks) await promisify(execFile)('/bin/sh', ['-c', check], { cwd: root });
  });
});
