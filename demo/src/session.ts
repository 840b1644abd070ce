import { createHash, timingSafeEqual } from 'node:crypto';

import { findPlayer, type League, type Player } from './league.ts';

/** Who is looking. */
export type Viewer = { kind: 'guest' } | { kind: 'player'; player: Player } | { kind: 'admin' };

const hash = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Whether the key opens the administrators' pages. With no key set, nothing does. */
export const isAdminKey = (key: string, adminKey: string | null): boolean =>
  adminKey !== null && timingSafeEqual(hash(key), hash(adminKey));

/** Reads the cookie that signing in has set; whoever has none, or a wrong one, is a guest. */
export function viewerOf(cookieHeader: string, league: League, adminKey: string | null): Viewer {
  const cookies = new Map(
    cookieHeader.split(';').map((cookie): [string, string] => {
      const [name = '', value = ''] = cookie.trim().split('=');
      return [name, value];
    }),
  );
  const key = cookies.get('admin');
  if (key !== undefined && adminKey !== null && key === sealedKey(adminKey)) return { kind: 'admin' };
  const player = findPlayer(league, cookies.get('player') ?? '');
  return player ? { kind: 'player', player } : { kind: 'guest' };
}

/** What the cookie holds in place of the key itself. */
const sealedKey = (adminKey: string): string => hash(`admin ${adminKey}`).toString('hex');

export const adminCookie = (adminKey: string): string =>
  `admin=${sealedKey(adminKey)}; HttpOnly; SameSite=Strict; Path=/`;
export const playerCookie = (player: Player): string => `player=${player.id}; HttpOnly; SameSite=Strict; Path=/`;
