import type { Page } from '#src/context.ts';
import { html } from '#src/html.ts';
import { findPlayer, goalsOf, teamOf } from '#src/league.ts';

export const playerPage: Page = ({ league, params }) => {
  const player = findPlayer(league, params['id'] ?? '');
  if (!player) {
    return {
      kind: 'page',
      status: 404,
      title: 'No such player',
      body: html`<p><a href="/players">All players</a></p>`,
    };
  }
  return {
    kind: 'page',
    title: player.name,
    body: html`
      <dl>
        <dt>Team</dt>
        <dd>${teamOf(league, player.teamId).name}</dd>
        <dt>Number</dt>
        <dd>${player.number}</dd>
        <dt>Goals this season</dt>
        <dd>${goalsOf(league, player.id)}</dd>
      </dl>
    `,
  };
};
