import { fileLog, RotatingFile } from '#main/base/file-log.ts';
import { makePrivateFolder } from '#main/base/listen-privately.ts';

import { hostFiles } from './host-files.ts';
import type { ProtocolVersion } from './protocol.ts';
import { serveFolder } from './serve-folder.ts';

/* A pty host of another version, as a process of its own: `version` as JSON, then what the pty host itself takes. */
const [version = '', ...options] = process.argv.slice(2);
const protocol = JSON.parse(version) as ProtocolVersion;
const option = (name: string): string => options[options.indexOf(name) + 1] ?? '';
const stateFolder = option('--state-folder');
const { platform } = process;
const files = hostFiles(stateFolder, protocol.major);
makePrivateFolder(files.folder, platform);
const log = fileLog(new RotatingFile(files.log));
await serveFolder({ stateFolder, platform, idleMilliseconds: Number(option('--idle-ms')), log, protocol });
