import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..');
export const builtFolder = join(projectFolder, 'out');
/**
 * The resources folder of a packed app whose archive was made a folder, as Electron shows it: what is started is that app
 * instead of what is built here. For the test of what is packed.
 */
const packed = process.env['SWITCHYARD_PACKED'] ?? '';
const appIn = (name: string): string => (packed === '' ? projectFolder : join(packed, name));
export const headlessHost = join(appIn('app.asar.unpacked'), 'out', 'programs', 'headless.mjs');
export const desktopHost = join(appIn('app.asar'), 'out', 'main', 'desktop.js');
export const commandProgram = join(appIn('app.asar.unpacked'), 'out', 'programs', 'command.mjs');
/** Measured, remembered or downloaded by our scripts; never needed, so it may be deleted. */
export const cacheFolder = join(projectFolder, 'node_modules', '.cache', 'switchyard');

const nodeName = process.platform === 'win32' ? 'node.exe' : 'node';
const ownNode = join(projectFolder, 'node_modules', 'node', 'bin', nodeName);

/** The project's own Node, of the major version that Electron embeds; this one where it is not installed. */
export const nodePath = existsSync(ownNode) ? ownNode : process.execPath;

/** The environment for our tools: whatever they start as `node` is the project's own. */
export const toolEnvironment: NodeJS.ProcessEnv = {
  ...process.env,
  PATH: `${join(projectFolder, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
};

/** The script of a tool among our dependencies, to run with `nodePath`: no shell, no `.cmd`. */
export const toolPath = (...segments: readonly string[]): string => join(projectFolder, 'node_modules', ...segments);
