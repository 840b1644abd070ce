import { expect, test } from '#e2e/fixtures.ts';

/*
 * Electron's own checklist, seen from the page: what it has, what it can reach, and what becomes of what it tries. The values
 * that windows are made with are in `src/main/desktop/desktop.test.ts`.
 */

test('the page has no Node and no Electron, only the bridge', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', '__dirname', 'global'].filter((name) => name in globalThis),
    electron: Object.keys(globalThis).filter((name) => /electron|ipcRenderer|contextBridge/i.test(name)),
    bridge: Object.keys((globalThis as { desktop?: object }).desktop ?? {}),
    isFrozen: Object.isFrozen((globalThis as { desktop?: object }).desktop),
    isSecure: isSecureContext,
  }));
  expect(found).toEqual({ node: [], electron: [], bridge: ['connect', 'pathOf'], isFrozen: true, isSecure: true });
});

test('the policy lets nothing in from elsewhere, and no text become a script', async ({ page, watch }) => {
  watch.expect(/content security policy|Content Security Policy|Refused|violates/i);
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const outcomes = await page.evaluate(async () => {
    const load = (tag: 'script' | 'img' | 'iframe', source: string): Promise<string> =>
      new Promise((resolve) => {
        const element = document.createElement(tag);
        document.addEventListener('securitypolicyviolation', () => resolve('blocked'), { once: true });
        element.addEventListener('load', () => setTimeout(() => resolve('loaded'), 500));
        element.addEventListener('error', () => setTimeout(() => resolve('refused'), 500));
        element.src = source;
        document.body.append(element);
      });
    const fetched = await fetch('https://elsewhere.test/').then(
      () => 'fetched',
      () => 'refused',
    );
    // In a turn of its own: what a test evaluates may itself evaluate.
    const evaluated = await new Promise<string>((resolve) => {
      setTimeout(() => {
        try {
          // oxlint-disable-next-line no-eval -- that it cannot is what is tested
          resolve(String((0, eval)('1 + 1')));
        } catch {
          resolve('refused');
        }
      }, 0);
    });
    return {
      fetched,
      evaluated,
      script: await load('script', 'https://elsewhere.test/a.js'),
      image: await load('img', 'https://elsewhere.test/a.png'),
      frame: await load('iframe', 'https://elsewhere.test/'),
      ownFrame: await load('iframe', location.href),
    };
  });
  expect(outcomes).toEqual({
    fetched: 'refused',
    evaluated: 'refused',
    script: 'blocked',
    image: 'blocked',
    frame: 'blocked',
    ownFrame: 'blocked',
  });
});

test('nothing outside of the page’s own files is answered, and each answer carries the policy', async ({
  page,
  watch,
}) => {
  watch.expect(/404|Failed to load resource/);
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const answers = await page.evaluate(async () => {
    const ask = async (path: string): Promise<readonly [number, string | null]> => {
      const { status, headers } = await fetch(path);
      return [status, headers.get('content-security-policy')];
    };
    return [await ask('index.html'), await ask('..%2f..%2fpackage.json'), await ask('assets/none.js')];
  });
  expect(answers.map(([status]) => status)).toEqual([200, 404, 404]);
  for (const [, policy] of answers) expect(policy).toContain("default-src 'none'; script-src 'self'");
});

test('the page cannot go elsewhere, and stays as it is', async ({ page, watch }) => {
  watch.expect(/ERR_ABORTED|Failed to load resource|not allowed|Not allowed/i);
  const heading = page.getByRole('heading', { name: 'Switchyard' });
  await expect(heading).toBeVisible();
  const before = page.url();
  for (const address of [
    'https://elsewhere.test/',
    'file:///etc/passwd',
    'data:text/html,<h1>other</h1>',
    'http://127.0.0.1:9/',
  ]) {
    await page.evaluate((target) => {
      const link = document.createElement('a');
      link.href = target;
      document.body.append(link);
      link.click();
      link.remove();
      try {
        location.assign(target);
      } catch {
        // refused at once is fine as well
      }
    }, address);
  }
  // What was started is over by the time that the page has answered to this.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
  expect(page.url()).toBe(before);
  await expect(heading).toBeVisible();
});

test('a link leaves the app only over http(s), and only once its address was seen', async ({
  page,
  desktop,
  watch,
}) => {
  watch.expect(/Not allowed to (?:load|launch)|Content Security Policy|script-src-elem blocked/);
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const open = (address: string): Promise<void> =>
    page.evaluate((target) => {
      window.open(target, '_blank', 'noopener,noreferrer');
    }, address);

  await test.step('it is asked about, with the host in plain letters', async () => {
    await open('https://аpple.com/a?b=c#d');
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(1);
    const [asked] = (await desktop.recorded()).dialogs;
    expect(asked?.message).toBe('Open xn--pple-43d.com in your browser?');
    expect(asked?.detail).toBe('https://xn--pple-43d.com/a?b=c#d');
    expect((await desktop.recorded()).opened).toEqual([]);
  });

  await test.step('while one is asked about, another is not', async () => {
    await open('https://other.test/');
    await desktop.answer('Cancel');
    expect((await desktop.recorded()).dialogs).toHaveLength(1);
    expect((await desktop.recorded()).opened).toEqual([]);
  });

  await test.step('it is opened when the person says so', async () => {
    await open('https://a.example/path');
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(2);
    await desktop.answer('Open');
    await expect.poll(async () => (await desktop.recorded()).opened).toEqual(['https://a.example/path']);
  });

  await test.step('no other scheme is even asked about, and no window is opened', async () => {
    for (const address of [
      'mailto:a@b.example',
      'file:///etc/passwd',
      'javascript:alert(1)',
      'vscode://x',
      'about:blank',
    ]) {
      await open(address);
    }
    await open('https://last.example/');
    await expect.poll(async () => (await desktop.recorded()).dialogs.length).toBe(3);
    expect((await desktop.recorded()).dialogs.at(-1)?.message).toBe('Open last.example in your browser?');
    await desktop.answer('Cancel');
    expect(desktop.windows()).toHaveLength(1);
  });
});

test('the page may use the clipboard, and nothing else', async ({ page }) => {
  await expect(page.getByRole('heading', { name: 'Switchyard' })).toBeVisible();
  const states = await page.evaluate(async () => {
    const names = ['clipboard-read', 'clipboard-write', 'geolocation', 'camera', 'microphone', 'notifications', 'midi'];
    const entries = await Promise.all(
      names.map(async (name) => {
        const status = await navigator.permissions.query({ name: name as PermissionName });
        return [name, status.state === 'granted'] as const;
      }),
    );
    return Object.fromEntries(entries);
  });
  expect(states).toEqual({
    'clipboard-read': true,
    'clipboard-write': true,
    geolocation: false,
    camera: false,
    microphone: false,
    notifications: false,
    midi: false,
  });
});
