import type { Page } from '#src/context.ts';
import { html, type Html } from '#src/html.ts';
import { fixtures, results, teamOf, type League, type Match } from '#src/league.ts';

function row(league: League, match: Match): Html {
  const home = teamOf(league, match.home);
  const score = match.result ? `${match.result.home} : ${match.result.away}` : 'to be played';
  return html`
    <tr>
      <td><time datetime="${match.date}T${match.time}">${match.date}, ${match.time}</time></td>
      <td>${home.name} – ${teamOf(league, match.away).name}</td>
      <td>${home.ground}</td>
      <td>${score}</td>
    </tr>
  `;
}

const table = (league: League, matches: readonly Match[]): Html => html`
  <table>
    <tbody>
      ${matches.map((match) => row(league, match))}
    </tbody>
  </table>
`;

export const schedulePage: Page = ({ league }) => ({
  kind: 'page',
  title: 'Schedule',
  body: html`
    <h2>To come</h2>
    ${table(league, fixtures(league))}
    <h2>Played</h2>
    ${table(league, results(league))}
  `,
});
