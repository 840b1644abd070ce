import type { Log } from '#main/base/log.ts';
import type { ProtocolVersion } from '#main/ptyhost/protocol.ts';

import type { PtyHostCommand } from './pty-host-process.ts';

/** What `Terminals` is made with. */
export interface TerminalsOptions {
  log: Log;
  stateFolder: string;
  ptyHost: PtyHostCommand;
  /** What programs in terminals inherit, before what is ours is taken out of it. Default: our own. */
  environment?: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** The only variables that are passed on; null: all. Default: all. */
  allowedVariables?: () => readonly string[] | null;
  /** What a terminal keeps above its screen, in bytes, until `setScrollback` says otherwise. */
  scrollbackBytes?: number;
  /** What we say that we speak. Another than our own is for tests of old hosts and new apps. */
  protocol?: ProtocolVersion;
  /** The program of the thread that regular expressions run in. Default: the one that lies beside this as source. */
  patternWorker?: string;
}
