import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { errorCode } from '#main/base/error-code.ts';
import type { Log } from '#main/base/log.ts';
import type { RunId } from '#shared/ids.ts';

/** Ports of one run: enough for a server, its database and what else a web project starts. */
export const portsOfRun = 10;
/** Below those that Linux, macOS and Windows hand out by themselves, and without what is usual for databases. */
const firstOfAll = 20_000;
const afterLast = 27_000;

export interface PortBlocksOptions {
  /** Ours, one for every host on this machine: two of them must not give the same ports away. */
  folder: string;
  log: Log;
  /** Whether nobody listens there. */
  isFree?: (port: number) => Promise<boolean>;
}

interface Claim {
  run: RunId;
  project: string;
}

/**
 * A block of ports for each run, so that the servers of two runs do not get in each other's way. A block is a file that
 * names its run: whoever makes the file has it, in whatever host, until it is released.
 */
export class PortBlocks {
  readonly #options: PortBlocksOptions;

  constructor(options: PortBlocksOptions) {
    this.#options = options;
  }

  /** The first port of the run's block: the one that it has, or else a free one. Null: there is none left. */
  async claim(run: RunId, project: string): Promise<number | null> {
    const { folder, isFree = isPortFree } = this.#options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const claims = await this.#claims();
    const own = claims.find(({ claim }) => claim?.run === run);
    if (own) return own.first;
    const taken = new Set(claims.map(({ first }) => first));
    for (let first = firstOfAll; first < afterLast; first += portsOfRun) {
      if (taken.has(first)) continue;
      const ports = Array.from({ length: portsOfRun }, (_, index) => first + index);
      const free = await Promise.all(ports.map(isFree));
      if (free.includes(false)) continue;
      try {
        const claim: Claim = { run, project };
        await writeFile(join(folder, String(first)), JSON.stringify(claim), { flag: 'wx', mode: 0o600 });
        return first;
      } catch (error) {
        // Another host was quicker.
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
    this.#options.log.warn('no block of ports is left', { run });
    return null;
  }

  /** The run has come to its end. */
  async release(run: RunId): Promise<void> {
    await this.#drop((claim) => claim.run === run);
  }

  /** Gives back what runs of this project had that are not there any more. */
  async keepOnly(project: string, runs: ReadonlySet<RunId>): Promise<void> {
    await this.#drop((claim) => claim.project === project && !runs.has(claim.run));
  }

  async #drop(isOver: (claim: Claim) => boolean): Promise<void> {
    for (const { first, claim } of await this.#claims()) {
      if (claim && isOver(claim)) await rm(join(this.#options.folder, String(first)), { force: true });
    }
  }

  /** `claim: null`: a file that cannot be read as one. It keeps its block, because somebody may have just begun it. */
  async #claims(): Promise<readonly { first: number; claim: Claim | null }[]> {
    const { folder } = this.#options;
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d+$/.test(name));
    return Promise.all(
      names.map(async (name) => {
        const text = await readFile(join(folder, name), 'utf8').catch(() => '');
        return { first: Number(name), claim: parseClaim(text) };
      }),
    );
  }
}

function parseClaim(text: string): Claim | null {
  try {
    const { run, project } = JSON.parse(text) as Partial<Claim>;
    return typeof run === 'string' && typeof project === 'string' ? { run, project } : null;
  } catch {
    return null;
  }
}

/** Whether a program could listen there now, by both of the machine's own addresses. */
async function isPortFree(port: number): Promise<boolean> {
  for (const host of ['127.0.0.1', '::1']) {
    const code = await new Promise<string | null>((resolve) => {
      const server = createServer();
      server.once('error', (error) => {
        resolve(errorCode(error) ?? 'unknown');
      });
      server.listen({ port, host, exclusive: true }, () => {
        server.close(() => {
          resolve(null);
        });
      });
    });
    // A machine without IPv6 has nobody listening there.
    if (code !== null && code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') return false;
  }
  return true;
}
