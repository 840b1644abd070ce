import type { Page } from './context.ts';
import { homePage } from './pages/home.ts';
import { playerPage } from './pages/player.ts';
import { playersPage } from './pages/players.ts';
import { schedulePage } from './pages/schedule.ts';
import { signIn, signInPage } from './pages/sign-in.ts';
import { standingsPage } from './pages/standings.ts';

export interface NavigationItem {
  href: string;
  label: string;
  /** Who sees it. */
  for: 'everyone' | 'player' | 'admin';
}

export interface Route {
  method: 'GET' | 'POST';
  /** A part that starts with a colon takes whatever stands there. */
  path: string;
  page: Page;
}

/** The links in the header, in order. */
export const navigation: readonly NavigationItem[] = [
  { href: '/standings', label: 'Standings', for: 'everyone' },
  { href: '/schedule', label: 'Schedule', for: 'everyone' },
  { href: '/players', label: 'Players', for: 'everyone' },
];

export const routes: readonly Route[] = [
  { method: 'GET', path: '/', page: homePage },
  { method: 'GET', path: '/sign-in', page: signInPage },
  { method: 'POST', path: '/sign-in', page: signIn },
  { method: 'GET', path: '/standings', page: standingsPage },
  { method: 'GET', path: '/schedule', page: schedulePage },
  { method: 'GET', path: '/players', page: playersPage },
  { method: 'GET', path: '/players/:id', page: playerPage },
];
