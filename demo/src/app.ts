import type { Context, LeagueStore, Page } from './context.ts';
import { html } from './html.ts';
import { layout } from './layout.ts';
import { navigation, routes } from './routes.ts';
import { viewerOf } from './session.ts';

export interface AppRequest {
  method: string;
  /** Path and query. */
  url: string;
  cookie?: string;
  /** The body of a form. */
  body?: string;
}

export interface AppResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface AppOptions {
  store: LeagueStore;
  /** Null: nobody can sign in as an administrator. */
  adminKey: string | null;
}

/** The whole site as a function, without a network. */
export function createApp({ store, adminKey }: AppOptions): (request: AppRequest) => AppResponse {
  return (request) => {
    const url = new URL(request.url, 'http://league');
    const { page, params } = findPage(request.method, url.pathname);
    const context: Context = {
      store,
      league: store.current,
      viewer: viewerOf(request.cookie ?? '', store.current, adminKey),
      params,
      query: url.searchParams,
      form: new URLSearchParams(request.body ?? ''),
      adminKey,
    };
    const reply = page(context);
    if (reply.kind === 'redirect') {
      const headers: Record<string, string> = { location: reply.to };
      if (reply.cookie !== undefined) headers['set-cookie'] = reply.cookie;
      return { status: 303, headers, body: '' };
    }
    return {
      status: reply.status ?? 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: layout(reply, { league: store.current, viewer: context.viewer, navigation }),
    };
  };
}

const notFound: Page = () => ({
  kind: 'page',
  status: 404,
  title: 'Not found',
  body: html`<p>There is no such page. <a href="/">Back to the start.</a></p>`,
});

function findPage(method: string, pathname: string): { page: Page; params: Record<string, string> } {
  for (const route of routes) {
    const params = route.method === method ? matchPath(route.path, pathname) : null;
    if (params) return { page: route.page, params };
  }
  return { page: notFound, params: {} };
}

/** The parts that the pattern's colons took, or null when the path is another one. */
export function matchPath(pattern: string, pathname: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = pathname.split('/');
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':') && value !== '') params[part.slice(1)] = value;
    else if (part !== value) return null;
  }
  return params;
}
