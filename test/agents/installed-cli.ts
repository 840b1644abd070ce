import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Hundreds of megabytes each: kept between runs, outside the project. `SWITCHYARD_AGENT_CLIS` names another place. */
const cacheFolder =
  process.env['SWITCHYARD_AGENT_CLIS'] ??
  join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'switchyard-agent-clis');

/** Installs a CLI from the npm registry unless that was done before, and returns the folder of its command. */
export async function installedCli(name: string, spec: string): Promise<string> {
  const folder = join(cacheFolder, spec.replaceAll(/[^\w.-]+/g, '_'));
  const bin = join(folder, 'node_modules', '.bin');
  if (existsSync(join(folder, 'complete'))) return bin;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  // npm takes no version that wants a newer Node than the one that runs npm, so ours comes first.
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}` };
  await run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', spec], {
    cwd: folder,
    env,
    maxBuffer: 64_000_000,
  });
  if (!existsSync(join(bin, name))) throw new Error(`${spec} has no command ${name}`);
  await writeFile(join(folder, 'complete'), spec);
  return bin;
}
