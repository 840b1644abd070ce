import type { Refusal } from './authenticator.ts';

const reasons: Readonly<Record<Refusal, string>> = {
  'wrong-host':
    'This address does not name Switchyard. Use the address that it printed; through a tunnel, use the same port on both ends.',
  'wrong-origin': 'Another site asked for this. Switchyard answers only its own page.',
  'not-authenticated':
    'Open Switchyard with the whole address that it printed in its terminal, or run its start command again.',
};

/**
 * The little page for whoever is turned away. `retryAt` makes the browser ask once more by itself: it keeps back a
 * SameSite=Strict cookie when another page or a file led here, and sends it when our own page does.
 */
export function noticePage(refusal: Refusal, retryAt: string | null): string {
  // The URL parser leaves no quote and no angle bracket as it is; an ampersand it does.
  const address = retryAt?.replaceAll('&', '&amp;') ?? null;
  const retry = address === null ? '' : `<meta http-equiv="refresh" content="0;url=${address}">`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Switchyard</title>
${retry}
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 32rem; margin: 20vh auto; padding: 0 1.5rem; }
</style>
<h1>Switchyard</h1>
<p>${retryAt === null ? reasons[refusal] : 'Opening…'}</p>
</html>
`;
}
