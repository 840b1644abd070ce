import { spawn, type ChildProcess } from 'node:child_process';

import { _electron, type BrowserContext, type ElectronApplication, type Page } from '@playwright/test';

import { projectFolder } from '#scripts/project-paths.ts';

import { beginRecording, type Recording } from './desktop-recording.ts';
import { StandinProcess } from './electron-standin/standin-process.ts';
import { eventually } from './processes.ts';

/** How long the app may take to show a window, or to quit, on a busy machine, in milliseconds. */
const patience = 60_000;

/** Electron's binary, where these journeys are to run on it; empty: on the stand-in. */
const electronPath = process.env['SWITCHYARD_ELECTRON'] ?? '';
export const desktopRunsOn = electronPath === '' ? 'the stand-in for Electron' : 'Electron';

type ElectronApi = typeof Electron.CrossProcessExports;

/** The app's process, whichever of the two it is. */
interface Running {
  child: ChildProcess;
  ended: Promise<number>;
  context: BrowserContext;
  pages: () => readonly Page[];
  evaluate: <R, A>(run: (electron: ElectronApi, argument: A) => R | Promise<R>, argument: A) => Promise<R>;
  crash: (page: Page) => Promise<void>;
  putOnDisk: (page: Page, name: string, path: string) => void;
}

/** The desktop app of a world, as a person has it: started, its windows, its menus and dialogs, quit. */
export class Desktop {
  readonly #env: NodeJS.ProcessEnv;
  readonly #folder: string;
  readonly #context: BrowserContext;
  #running: Running | null = null;
  #output = '';
  #hasEnded = false;

  constructor(env: NodeJS.ProcessEnv, folder: string, context: BrowserContext) {
    this.#env = env;
    this.#folder = folder;
    this.#context = context;
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Whether it has quit or was killed at least once. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get pid(): number {
    return this.#app.child.pid ?? -1;
  }

  /** Everything that it has printed. */
  get output(): string {
    return this.#output;
  }

  /** In which the windows are. */
  get context(): BrowserContext {
    return this.#app.context;
  }

  /** Starts it and waits for its first window. `args` as on its command line, such as `--project DIR`. */
  async start(...args: readonly string[]): Promise<Page> {
    if (this.#running) throw new Error('the app is running already');
    const running = await this.#launch(args);
    this.#running = running;
    void running.ended.then(() => {
      if (this.#running === running) this.#running = null;
      this.#hasEnded = true;
    });
    await running.evaluate(beginRecording, null);
    return await this.window(0);
  }

  /** Starts it once more while it runs, and waits until that start is over; its exit code. */
  async startAgain(...args: readonly string[]): Promise<number> {
    if (electronPath === '') {
      const second = await StandinProcess.start({ ...this.#place, args, context: this.#context, onOutput: this.#keep });
      return await second.ended;
    }
    const child = spawn(electronPath, [...electronArguments(), ...args], { cwd: this.#folder, env: this.#env });
    return await new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 128)));
  }

  /** The pages of the open windows, the oldest first. */
  windows(): readonly Page[] {
    return this.#app.pages();
  }

  /** The page of a window by its place among the open ones, once it is there. */
  async window(index: number): Promise<Page> {
    const isOpen = await eventually(() => this.#running !== null && this.windows()[index] !== undefined, patience);
    const page = isOpen ? this.windows()[index] : undefined;
    if (!page) throw new Error(`there is no window ${String(index)}; the app has printed:\n${this.#output}`);
    await page.waitForLoadState('domcontentloaded');
    return page;
  }

  /** Runs a function in the app's process. It goes there as text, and so refers to nothing around it. */
  async evaluate<R, A = null>(run: (electron: ElectronApi, argument: A) => R | Promise<R>, argument?: A): Promise<R> {
    return await this.#app.evaluate(run, (argument ?? null) as A);
  }

  /** What the app has shown outside of its pages, and asked. */
  async recorded(): Promise<Recording> {
    return await this.evaluate(() => {
      const { dialogs, notices, opened, tray, progress } = (globalThis as unknown as { recorded: Recording }).recorded;
      // Without what cannot leave the process.
      return JSON.parse(JSON.stringify({ dialogs, notices, opened, tray, progress })) as Recording;
    });
  }

  /** Presses a button of the dialog that is open, by its words. */
  async answer(button: string, more: { check?: boolean; paths?: readonly string[] } = {}): Promise<void> {
    await this.evaluate(
      (_electron, given) => {
        const { answers, dialogs } = (globalThis as unknown as { recorded: Recording }).recorded;
        const asked = dialogs.findLast(({ isOpen }) => isOpen);
        const index = asked?.buttons.indexOf(given.button) ?? -1;
        if (!asked || (index === -1 && given.paths === null)) {
          throw new Error(`no open dialog has a button “${given.button}”: ${JSON.stringify(dialogs)}`);
        }
        asked.isOpen = false;
        answers.get(asked.id)?.({ index, check: given.check, paths: given.paths });
      },
      { button, check: more.check ?? false, paths: more.paths ?? null },
    );
  }

  /** Chooses from the application menu, by the words on the way: `File`, `New Window`. Waits until it is there and can be chosen. */
  async chooseFromMenu(...labels: readonly string[]): Promise<void> {
    const looked: { why: string | null } = { why: null };
    await eventually(async () => {
      looked.why = await this.evaluate(({ Menu }, way) => {
        let items = Menu.getApplicationMenu()?.items ?? [];
        for (const [index, label] of way.entries()) {
          const item = items.find((each) => each.label === label && each.visible);
          if (!item) return `no “${label}” among ${items.map((each) => each.label).join(', ')}`;
          if (!item.enabled) return `“${label}” is disabled`;
          if (index === way.length - 1) item.click();
          else items = item.submenu?.items ?? [];
        }
        return null;
      }, labels);
      return looked.why === null;
    }, patience);
    if (looked.why !== null) throw new Error(looked.why);
  }

  /** Crashes the process of a window's page. */
  async crashPage(page: Page): Promise<void> {
    await this.#app.crash(page);
  }

  /** Says where something is that is dropped on a page. */
  putOnDisk(page: Page, name: string, path: string): void {
    this.#app.putOnDisk(page, name, path);
  }

  /** Chooses Quit, and does not wait. */
  async askToQuit(): Promise<void> {
    await this.evaluate(({ app }) => {
      // After this answer is on its way.
      setTimeout(() => {
        app.quit();
      }, 0);
    });
  }

  /** Waits until it has ended; its exit code, or -1 when it did not in time. */
  async untilEnded(): Promise<number> {
    const running = this.#running;
    if (!running) return 0;
    const limit = new Promise<number>((resolve) => {
      setTimeout(() => {
        resolve(-1);
      }, patience).unref();
    });
    return await Promise.race([running.ended, limit]);
  }

  /** Quits it, and agents go on; its exit code, or -1 when it had to be killed. */
  async quit(): Promise<number> {
    const running = this.#running;
    if (!running) return 0;
    await this.evaluate(() => {
      (globalThis as unknown as { recorded: Recording }).recorded.isLeaving = true;
    });
    await this.askToQuit();
    const code = await this.untilEnded();
    if (code === -1) running.child.kill('SIGKILL');
    return code;
  }

  /** Ends its process without a chance to do anything, as a crash does. */
  async kill(): Promise<void> {
    const running = this.#running;
    running?.child.kill('SIGKILL');
    await running?.ended;
  }

  get #app(): Running {
    if (!this.#running) throw new Error(`the app is not running; it has printed:\n${this.#output}`);
    return this.#running;
  }

  get #place(): { env: NodeJS.ProcessEnv; folder: string } {
    return { env: this.#env, folder: this.#folder };
  }

  readonly #keep = (text: string): void => {
    this.#output += text;
  };

  async #launch(args: readonly string[]): Promise<Running> {
    if (electronPath !== '') return await this.#launchElectron(args);
    const context = this.#context;
    const started = await StandinProcess.start({ ...this.#place, args, context, onOutput: this.#keep });
    return {
      child: started.child,
      ended: started.ended,
      context,
      pages: () => started.pages(),
      evaluate: (run, argument) => started.evaluate(run, argument),
      crash: (page) => started.crash(page),
      putOnDisk: (page, name, path) => {
        started.putOnDisk(page, name, path);
      },
    };
  }

  async #launchElectron(args: readonly string[]): Promise<Running> {
    const env = Object.fromEntries(
      Object.entries(this.#env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
    const app: ElectronApplication = await _electron.launch({
      executablePath: electronPath,
      args: [...electronArguments(), ...args],
      cwd: this.#folder,
      env: { ...env, ...displayOf(process.env) },
    });
    const child = app.process();
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.#keep(chunk.toString()));
    return {
      child,
      ended: new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 128))),
      context: app.context(),
      pages: () => app.windows(),
      evaluate: (run, argument) => app.evaluate(run as never, argument) as never,
      crash: async (page) => {
        const session = await app.context().newCDPSession(page);
        session.send('Page.crash').catch(() => undefined);
      },
      putOnDisk: () => {
        throw new Error('in Electron a file is where it is');
      },
    };
  }
}

const electronArguments = (): readonly string[] =>
  process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox', projectFolder] : [projectFolder];

/** A world has no display of its own. */
function displayOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'XDG_RUNTIME_DIR'];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
}
