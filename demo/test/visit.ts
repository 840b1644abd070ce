import { createApp } from '#src/app.ts';
import { league } from '#src/data.ts';
import { findPlayer, type League } from '#src/league.ts';
import { adminCookie, playerCookie } from '#src/session.ts';

const adminKey = 'the key of the tests';

/** Who visits: a player's id, `admin`, or nobody in particular. */
const cookieOf = (who: string | undefined): string => {
  if (who === 'admin') return adminCookie(adminKey);
  const player = findPlayer(league, who ?? '');
  return player ? playerCookie(player) : '';
};

/** The site with a league of its own, to be visited as somebody. */
export function openSite(start: League = league) {
  const store = { current: start };
  const app = createApp({ store, adminKey });
  return {
    store,
    get: (url: string, who?: string) => app({ method: 'GET', url, cookie: cookieOf(who) }),
    post: (url: string, form: Record<string, string>, who?: string) =>
      app({ method: 'POST', url, cookie: cookieOf(who), body: new URLSearchParams(form).toString() }),
  };
}
