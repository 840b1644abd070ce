import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Browser, BrowserContext, Page } from '@playwright/test';

import { nodePath } from '#scripts/project-paths.ts';

import { installProbe } from './probe.ts';
import type { Stage } from './stage.ts';
import type { VscodePane } from './vscode-page.ts';

export interface VscodeStageOptions {
  browser: Browser;
  panes: readonly VscodePane[];
  viewport: { width: number; height: number };
}

/** The baseline: a pipe as VS Code has it. See `vscode-host.ts`. */
export class VscodeStage implements Stage {
  readonly name = 'a VS Code-style pipe';
  readonly page: Page;
  readonly #panes: readonly VscodePane[];
  readonly #host: ChildProcess;
  readonly #context: BrowserContext;

  private constructor(parts: {
    page: Page;
    panes: readonly VscodePane[];
    host: ChildProcess;
    context: BrowserContext;
  }) {
    this.page = parts.page;
    this.#panes = parts.panes;
    this.#host = parts.host;
    this.#context = parts.context;
  }

  static async create({ browser, panes, viewport }: VscodeStageOptions): Promise<VscodeStage> {
    const host = spawn(nodePath, [join(import.meta.dirname, 'vscode-host.ts')], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [address] = (await once(createInterface({ input: host.stdout }), 'line')) as [string];
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.addInitScript(installProbe);
    await page.goto(address);
    await page.waitForFunction(() => 'vscodePage' in window);
    await page.evaluate((wanted) => window.vscodePage.open(wanted), panes);
    return new VscodeStage({ page, panes, host, context });
  }

  label(index: number): string {
    return `Terminal ${String(index)},`;
  }

  async send(index: number, text: string): Promise<void> {
    await this.page.evaluate(
      ([id, data]) => {
        window.vscodePage.send(id, data);
      },
      [index, text] as const,
    );
  }

  async focus(index: number): Promise<void> {
    await this.page.locator(`textarea[aria-label^="${this.label(index)}"]`).focus();
  }

  size(index: number): Promise<{ cols: number; rows: number }> {
    const pane = this.#panes[index];
    if (!pane) throw new Error(`there is no pane ${String(index)}`);
    return Promise.resolve(pane);
  }

  async dispose(): Promise<void> {
    await this.#context.close();
    const ended = once(this.#host, 'exit');
    this.#host.stdin?.end();
    await ended;
  }
}
