import type { Page } from '#src/context.ts';
import { html } from '#src/html.ts';
import { goalsOf } from '#src/league.ts';

export const playersPage: Page = ({ league }) => ({
  kind: 'page',
  title: 'Players',
  body: html`
    ${league.teams.map(
      (team) => html`
        <h2>${team.name}</h2>
        <ul>
          ${league.players
            .filter((player) => player.teamId === team.id)
            .map(
              (player) => html`
                <li>
                  <a href="/players/${player.id}">${player.name}</a> (${player.number}), ${goalsOf(league, player.id)}
                  goals
                </li>
              `,
            )}
        </ul>
      `,
    )}
  `,
});
