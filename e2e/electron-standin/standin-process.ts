import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

import type { BrowserContext, Page } from '@playwright/test';

import { desktopHost, nodePath } from '#scripts/project-paths.ts';

import { ChromiumScreen } from './chromium-screen.ts';
import { Link, type Message } from './link.ts';
import type { AppProcess } from './protocol.ts';
import { machineVariable } from './standin-machine.ts';

const register = join(import.meta.dirname, 'register.ts');
const startAs = join(import.meta.dirname, 'start-as.ts');

export interface StandinStart {
  env: NodeJS.ProcessEnv;
  folder: string;
  args: readonly string[];
  context: BrowserContext;
  /** What it prints. */
  onOutput: (text: string) => void;
}

/** The built desktop app in a process of Node's, with its windows in a browser context. */
export class StandinProcess {
  readonly child: ChildProcess;
  readonly #screen: ChromiumScreen;
  readonly #link: Link<AppProcess>;
  /** Its exit code, or 128 where a signal ended it; its windows are closed by then. */
  readonly ended: Promise<number>;

  private constructor(child: ChildProcess, link: Link<AppProcess>, screen: ChromiumScreen) {
    this.child = child;
    this.#link = link;
    this.#screen = screen;
    this.ended = new Promise((resolve) => {
      child.on('exit', (code) => {
        link.end('the app has ended');
        screen.end().then(
          () => {
            resolve(code ?? 128);
          },
          () => {
            resolve(code ?? 128);
          },
        );
      });
    });
  }

  static async start({ env, folder, args, context, onOutput }: StandinStart): Promise<StandinProcess> {
    const entry = env[machineVariable] === undefined ? desktopHost : startAs;
    const child = spawn(nodePath, ['--import', register, entry, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      serialization: 'advanced',
    });
    const link = new Link<AppProcess>((message) => {
      child.send(message, () => undefined); // it may have ended just now
    });
    const screen = new ChromiumScreen(context, link.theirs);
    link.answerWith(screen);
    child.on('message', (message) => {
      link.receive(message as Message);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        onOutput(chunk.toString());
      });
    }
    const started = new StandinProcess(child, link, screen);
    await screen.begin();
    // A second start may be over before it has heard this.
    link.theirs.ready().catch(() => undefined);
    return started;
  }

  pages(): readonly Page[] {
    return this.#screen.pages();
  }

  async evaluate<R, A>(
    run: (electron: typeof Electron.CrossProcessExports, argument: A) => R | Promise<R>,
    argument: A,
  ): Promise<R> {
    return (await this.#link.theirs.evaluate({ source: run.toString(), argument })) as R;
  }

  crash(page: Page): Promise<void> {
    return this.#screen.crash(page);
  }

  putOnDisk(page: Page, name: string, path: string): void {
    this.#screen.putOnDisk(page, name, path);
  }
}
