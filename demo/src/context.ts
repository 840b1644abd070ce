import type { Html } from './html.ts';
import type { League } from './league.ts';
import type { Viewer } from './session.ts';

/** The league as it is now. Pages replace it; they never change it in place. */
export interface LeagueStore {
  current: League;
}

/** What a page is given. */
export interface Context {
  store: LeagueStore;
  league: League;
  viewer: Viewer;
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  form: URLSearchParams;
  adminKey: string | null;
}

export type Reply =
  { kind: 'page'; title: string; body: Html; status?: number } | { kind: 'redirect'; to: string; cookie?: string };

export type Page = (context: Context) => Reply;
