import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseProjectConfig } from './config.ts';
import { proposeConfig, readPeerConfigs } from './peer-configs.ts';
import { planSetup } from './set-up.ts';

const templateFolder = join(import.meta.dirname, '../../../../specs-template');
const configOf = (text: string) =>
  parseProjectConfig(text, { projectPath: '/p', commonDir: '/p/.git', homeFolder: '/home/ann', temporaryFolders: [] });

let project: string;
beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-peers-')));
  await mkdir(join(project, '.git'));
});
afterEach(() => rm(project, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(project, path)), { recursive: true });
  await writeFile(join(project, path), text);
}
async function proposed() {
  const files = await planSetup(templateFolder, project);
  return files.find(({ path }) => path === '.switchyard/config.yaml')?.text ?? '';
}

describe('what other tools’ files say', () => {
  it('is proposed as a config of ours, each with where it is from', async () => {
    await write(
      '.superset/config.json',
      '{ "setup": ["pnpm install", "cp \\"$SUPERSET_ROOT_PATH/.env\\" ."], "teardown": [] }',
    );
    await write(
      '.emdash.json',
      '{ "preservePatterns": [".env", ".envrc"], "scripts": { "setup": "other", "teardown": "down.sh" } }',
    );
    const text = await proposed();
    expect(text).toContain('# As in .superset/config.json.\nsetup:');
    expect(text).toContain('# As in .emdash.json.\ncopy:');
    const config = configOf(text);
    expect(config.problems).toEqual([]);
    expect(config.setup?.run).toBe('pnpm install && cp "$SWITCHYARD_PROJECT/.env" .');
    expect(config.copy).toEqual(['.env', '.envrc']);
    expect(config.teardown?.run).toBe('down.sh');
  });

  it('is understood of conductor.json and orca.yaml, with a comma and a comment too many', async () => {
    await write('conductor.json', '{ "scripts": { "setup": "npm ci $& $1", "run": "npm start", }, }');
    await write('orca.yaml', '# ours\nscripts:\n  archive: node hooks.mjs archive # later\n');
    const config = configOf(await proposed());
    expect(config.setup?.run).toBe('npm ci $& $1');
    expect(config.teardown?.run).toBe('node hooks.mjs archive');
  });

  it('changes nothing where there is none, or nothing that can be read', async () => {
    const template = await readFile(join(templateFolder, '.switchyard/config.yaml'), 'utf8');
    expect(await proposed()).toBe(template);
    await write('.superset/config.json', '{ "setup": 7 }');
    await write('.emdash.json', '][');
    await write('orca.yaml', 'a: &a [x]\nscripts: *a\n');
    await symlink('/etc/passwd', join(project, 'conductor.json'));
    expect(await readPeerConfigs(project)).toEqual([]);
    expect(await proposed()).toBe(template);
    expect(configOf(proposeConfig(template, [])).problems).toEqual([]);
  });
});
