import type { Page } from '#src/context.ts';
import { html } from '#src/html.ts';
import { findPlayer } from '#src/league.ts';
import { adminCookie, isAdminKey, playerCookie } from '#src/session.ts';

export const signInPage: Page = ({ league, query }) => ({
  kind: 'page',
  title: 'Sign in',
  body: html`
    ${query.has('failed') ? html`<p role="alert">That did not work.</p>` : ''}
    <form method="post" action="/sign-in">
      <label>
        I am
        <select name="player">
          ${league.players.map((player) => html`<option value="${player.id}">${player.name}</option>`)}
        </select>
      </label>
      <button>Sign in</button>
    </form>
    <form method="post" action="/sign-in">
      <label>Administrator's key <input type="password" name="key" /></label>
      <button>Sign in</button>
    </form>
  `,
});

export const signIn: Page = ({ league, form, adminKey }) => {
  const key = form.get('key');
  if (key !== null && adminKey !== null && isAdminKey(key, adminKey)) {
    return { kind: 'redirect', to: '/', cookie: adminCookie(adminKey) };
  }
  const player = findPlayer(league, form.get('player') ?? '');
  if (!player) return { kind: 'redirect', to: '/sign-in?failed' };
  return { kind: 'redirect', to: `/players/${player.id}`, cookie: playerCookie(player) };
};
