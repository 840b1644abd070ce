import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const projectFolder = join(import.meta.dirname, '..');
export const builtFolder = join(projectFolder, 'out');
export const headlessHost = join(builtFolder, 'main', 'headless.js');
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
