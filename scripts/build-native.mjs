// Builds node-pty's native part after `npm install`, because it ships no Linux binary.
//
// npm's newer versions run no install script of a dependency that package.json does not allow. We do not allow
// node-pty's, and build it here instead: node-gyp on its own would fetch Node's headers from a site outside the
// package registries, while the `node` package that this project installs anyway carries them.
// The addon uses Node-API, so one build serves every Node from 18 on and Electron.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const nodePty = join(root, 'node_modules', 'node-pty');

if (!existsSync(nodePty)) process.exit(0); // installed without dependencies
const isMended = process.platform !== 'linux' || !mend();
if (isMended && loads()) process.exit(0);

const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
const platform = process.platform === 'win32' ? 'win' : process.platform;
const headers = [
  join(root, 'node_modules', 'node', 'node_modules', `${prefix}-${platform}-${process.arch}`),
  process.env.npm_config_nodedir ?? '',
  join(dirname(process.execPath), '..'),
  '/usr',
].find((folder) => folder !== '' && existsSync(join(folder, 'include', 'node', 'common.gypi')));

const nodeGyp = require.resolve('node-gyp/bin/node-gyp.js');
const args = [nodeGyp, 'rebuild', '--loglevel=error', ...(headers ? [`--nodedir=${headers}`] : [])];
const built = spawnSync(process.execPath, args, { cwd: nodePty, encoding: 'utf8' });
if (built.status !== 0 || !loads()) {
  process.stderr.write(`${built.stdout ?? ''}${built.stderr ?? ''}\n`);
  process.stderr.write(
    'Switchyard could not build node-pty, which runs its terminals.\n' +
      'It needs a C++ compiler, make and python3 (Debian: apt-get install build-essential python3).\n' +
      'Install them, then run: node scripts/build-native.mjs\n',
  );
  process.exit(1);
}

/**
 * node-pty 1.1.0 leaves the masters of its ptys open in every process that it starts later on Linux: one agent would hold
 * the other's terminal, and could read and type there. Closing them on exec takes one line. True: it was put in now, so
 * what is built is not yet mended.
 */
function mend() {
  const source = join(nodePty, 'src', 'unix', 'pty.cc');
  const text = readFileSync(source, 'utf8');
  if (text.includes('FD_CLOEXEC) == -1) return -1; // Switchyard')) return false;
  const place = /^pty_nonblock\(int fd\) \{\n/m;
  if (!place.test(text)) throw new Error('node-pty has changed: look whether its masters are still inherited');
  writeFileSync(
    source,
    text.replace(place, '$&  if (fcntl(fd, F_SETFD, FD_CLOEXEC) == -1) return -1; // Switchyard\n'),
  );
  return true;
}

/** Whether node-pty works as it is: built before, or one of its macOS and Windows binaries fits. */
function loads() {
  return spawnSync(process.execPath, ['-e', 'require("node-pty")'], { cwd: root, stdio: 'ignore' }).status === 0;
}
