import type { Page } from '#src/context.ts';
import { html } from '#src/html.ts';
import { standings } from '#src/league.ts';

export const standingsPage: Page = ({ league }) => ({
  kind: 'page',
  title: 'Standings',
  body: html`
    <table>
      <thead>
        <tr>
          <th>Team</th>
          <th>Played</th>
          <th>Won</th>
          <th>Drawn</th>
          <th>Lost</th>
          <th>Goals</th>
          <th>Points</th>
        </tr>
      </thead>
      <tbody>
        ${standings(league).map(
          (row) => html`
            <tr>
              <td>${row.team.name}</td>
              <td>${row.played}</td>
              <td>${row.won}</td>
              <td>${row.drawn}</td>
              <td>${row.lost}</td>
              <td>${row.goalsFor} : ${row.goalsAgainst}</td>
              <td>${row.points}</td>
            </tr>
          `,
        )}
      </tbody>
    </table>
  `,
});
