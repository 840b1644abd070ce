import { html, type Html } from './html.ts';
import type { League } from './league.ts';
import type { NavigationItem } from './routes.ts';
import type { Viewer } from './session.ts';

const mayFollow = (item: NavigationItem, viewer: Viewer): boolean =>
  item.for === 'everyone' || item.for === viewer.kind;

const greeting = (viewer: Viewer): Html => {
  switch (viewer.kind) {
    case 'guest':
      return html`<a href="/sign-in">Sign in</a>`;
    case 'player':
      return html`<a href="/players/${viewer.player.id}">${viewer.player.name}</a>`;
    case 'admin':
      return html`<span>Administrator</span>`;
  }
};

/** The frame around every page: the header with its navigation, and the footer. */
export function layout(
  page: { title: string; body: Html },
  { league, viewer, navigation }: { league: League; viewer: Viewer; navigation: readonly NavigationItem[] },
): string {
  const links = navigation
    .filter((item) => mayFollow(item, viewer))
    .map((item) => html`<li><a href="${item.href}">${item.label}</a></li>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${page.title} · ${league.name}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="name" href="/">${league.name}</a>
          <nav>
            <ul>
              ${links}
            </ul>
          </nav>
          ${greeting(viewer)}
        </header>
        <main>
          <h1>${page.title}</h1>
          ${page.body}
        </main>
        <footer>
          <p>Season ${league.season}</p>
        </footer>
      </body>
    </html> `.text;
}
