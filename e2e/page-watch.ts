import type { BrowserContext, Page } from '@playwright/test';

const reporter = 'switchyardReportsViolation';

const hostIsGone = /WebSocket connection to|ERR_CONNECTION_(?:REFUSED|RESET)|ERR_EMPTY_RESPONSE/;

/** Collects errors of pages: uncaught ones, what they log as an error, and what the content security policy blocked. */
export class PageWatch {
  readonly #problems: string[] = [];
  readonly #expected: RegExp[] = [];
  readonly #hostHasQuit: () => boolean;

  constructor(hostHasQuit: () => boolean) {
    this.#hostHasQuit = hostHasQuit;
  }

  /** What nobody expected. */
  get problems(): readonly string[] {
    return this.#problems.filter((problem) => !this.#expected.some((pattern) => pattern.test(problem)));
  }

  /** Says that a problem like this belongs to the journey. */
  expect(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  async follow(context: BrowserContext): Promise<void> {
    // Chromium says nothing about what a script tried and caught, such as an `eval`.
    await context.exposeFunction(reporter, (violation: string) => {
      this.#problems.push(`content security policy: ${violation}`);
    });
    await context.addInitScript((name) => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
        const report: unknown = Reflect.get(globalThis, name);
        if (typeof report === 'function') report(`${violatedDirective} blocked ${blockedURI} in ${sourceFile ?? '?'}`);
      });
    }, reporter);
    for (const page of context.pages()) this.#listen(page);
    context.on('page', (page) => {
      this.#listen(page);
    });
  }

  #listen(page: Page): void {
    page.on('pageerror', (error) => {
      this.#problems.push(`uncaught: ${error.stack ?? error.message}`);
    });
    page.on('crash', () => {
      this.#problems.push('the page crashed');
    });
    page.on('console', (message) => {
      if (message.type() !== 'error') return;
      const text = message.text();
      // Chromium itself says that the socket is gone; a host that has quit is why.
      if (this.#hostHasQuit() && hostIsGone.test(text)) return;
      this.#problems.push(`console: ${text} (${message.location().url})`);
    });
  }
}
