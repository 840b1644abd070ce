import type { Page } from '#src/context.ts';
import { html } from '#src/html.ts';
import { results, standings, teamOf } from '#src/league.ts';

export const homePage: Page = ({ league }) => {
  const leader = standings(league)[0];
  const latest = results(league).slice(0, 2);
  return {
    kind: 'page',
    title: `Season ${league.season}`,
    body: html`
      <p class="lead">
        ${leader ? html`<strong>${leader.team.name}</strong> lead with ${leader.points} points.` : 'Not a ball kicked yet.'}
      </p>
      <h2>Latest results</h2>
      <ul class="results">
        ${latest.map(
          ({ home, away, result }) => html`
            <li>
              ${teamOf(league, home).name} ${result?.home ?? 0} : ${result?.away ?? 0} ${teamOf(league, away).name}
            </li>
          `,
        )}
      </ul>
    `,
  };
};
