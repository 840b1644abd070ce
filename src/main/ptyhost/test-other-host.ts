import { fileLog, RotatingFile } from '#main/base/file-log.ts';

import { hostFiles, makePrivateFolder } from './host-files.ts';
import type { ProtocolVersion } from './protocol.ts';
import { serveFolder } from './serve-folder.ts';

/* A pty host of another version, as a process of its own: `version` as JSON, then what the pty host itself takes. */
const [version = '', ...options] = process.argv.slice(2);
const protocol = JSON.parse(version) as ProtocolVersion;
const option = (name: string): string => options[options.indexOf(name) + 1] ?? '';
const stateFolder = option('--state-folder');
const files = hostFiles(stateFolder, protocol.major);
makePrivateFolder(files.folder, process.platform);
const log = fileLog(new RotatingFile(files.log));
await serveFolder({ stateFolder, idleMilliseconds: Number(option('--idle-ms')), log, protocol });
