import { parse } from 'yaml';
import { z } from 'zod';

import { readProjectFile } from '#main/base/project-file.ts';

/** What another tool's config says of the worktrees that it makes. `from`: the file that says so. */
export interface PeerConfig {
  from: string;
  copy: readonly string[];
  setup: string | null;
  teardown: string | null;
}

const command = z
  .union([z.string(), z.array(z.string()).transform((commands) => commands.join(' && '))])
  .transform((text) => (text.trim() === '' ? null : inOurWords(text.trim())));
const scripts = z.object({ setup: command.optional(), archive: command.optional(), teardown: command.optional() });
const patterns = z.array(z.string()).catch([]);

/** The files in which other tools that give agents worktrees keep such things, the best known first. */
const peers: readonly { path: string; read: (content: unknown) => Omit<PeerConfig, 'from'> | null }[] = [
  {
    path: '.superset/config.json',
    read: (content) => {
      const found = scripts.safeParse(content);
      return found.success ? said({ ...found.data, copy: [] }) : null;
    },
  },
  {
    path: '.emdash.json',
    read: (content) => {
      const found = z
        .object({ preservePatterns: patterns.default([]), scripts: scripts.default({}) })
        .safeParse(content);
      return found.success ? said({ ...found.data.scripts, copy: found.data.preservePatterns }) : null;
    },
  },
  {
    path: 'conductor.json',
    read: (content) => {
      const found = z.object({ scripts }).safeParse(content);
      return found.success ? said({ ...found.data.scripts, copy: [] }) : null;
    },
  },
  {
    path: 'orca.yaml',
    read: (content) => {
      const found = z.object({ scripts }).safeParse(content);
      return found.success ? said({ ...found.data.scripts, copy: [] }) : null;
    },
  },
];

function said(found: {
  setup?: string | null | undefined;
  teardown?: string | null | undefined;
  archive?: string | null | undefined;
  copy: readonly string[];
}): Omit<PeerConfig, 'from'> | null {
  const { setup = null, copy } = found;
  const teardown = found.teardown ?? found.archive ?? null;
  return setup === null && teardown === null && copy.length === 0 ? null : { setup, teardown, copy };
}

/** Their variables for what ours tell as well. What has no word here is left as it is, to be seen and changed. */
const inOurWords = (text: string): string =>
  text
    .replaceAll(/\b(?:SUPERSET|EMDASH|CONDUCTOR|ORCA)_ROOT_PATH\b/g, 'SWITCHYARD_PROJECT')
    .replaceAll(/\b(?:SUPERSET|EMDASH|CONDUCTOR|ORCA)_(?:WORKSPACE|WORKTREE|TASK)_PATH\b/g, 'SWITCHYARD_WORKTREE')
    .replaceAll(/\b(?:SUPERSET|EMDASH|CONDUCTOR|ORCA)_PORT\b/g, 'SWITCHYARD_PORT');

/** What other tools' files in the project say; one that cannot be read says nothing. Nothing of it is run. */
export async function readPeerConfigs(projectPath: string): Promise<readonly PeerConfig[]> {
  const found = await Promise.all(
    peers.map(async ({ path, read }): Promise<PeerConfig | null> => {
      const file = await readProjectFile(projectPath, path);
      if (!file.ok) return null;
      try {
        // JSON is YAML; some of these files have comments, and commas at the end, that JSON has not.
        const config = read(parse(file.value.text, { maxAliasCount: 0, logLevel: 'silent' }));
        return config && { from: path, ...config };
      } catch {
        return null;
      }
    }),
  );
  return found.filter((config) => config !== null);
}

/** The template of a config with what other tools' files say put in, and from which of them each thing is. */
export function proposeConfig(template: string, configs: readonly PeerConfig[]): string {
  const first = <K extends 'setup' | 'teardown'>(key: K) => configs.find((config) => config[key] !== null);
  const copying = configs.find(({ copy }) => copy.length > 0);
  const [setup, teardown] = [first('setup'), first('teardown')];
  let text = template;
  // The replacement as a function: a command may contain what a replacement text has a meaning for.
  if (copying) {
    text = text.replace(/^copy: \[\]\n/m, () => `# As in ${copying.from}.\ncopy: ${JSON.stringify(copying.copy)}\n`);
  }
  if (setup) text = text.replace(block('setup'), () => proposal('setup', setup.from, setup.setup));
  if (teardown) text = text.replace(block('teardown'), () => proposal('teardown', teardown.from, teardown.teardown));
  return text;
}

/** A key that is commented out, with the commented lines below it that belong to it. */
const block = (key: string): RegExp => new RegExp(`^# ${key}:.*\\n(?:#   .*\\n)*`, 'm');

const proposal = (key: string, from: string, run: string | null): string =>
  `# As in ${from}.\n${key}:\n  run: ${JSON.stringify(run)}\n`;
