import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { league } from '#src/data.ts';
import { findPlayer, fixtures, goalsOf, results, standings, teamOf } from '#src/league.ts';

describe('the league', () => {
  it('ranks by points, then goal difference', () => {
    assert.deepEqual(
      standings(league).map(({ team, points }) => [team.id, points]),
      [
        ['herons', 7],
        ['quarry', 4],
        ['rovers', 3],
        ['station', 2],
      ],
    );
  });

  it('counts every match twice and every goal once for and once against', () => {
    const table = standings(league);
    const sum = (of: (row: (typeof table)[number]) => number) => table.reduce((total, row) => total + of(row), 0);
    assert.equal(
      sum((row) => row.played),
      2 * results(league).length,
    );
    assert.equal(
      sum((row) => row.goalsFor),
      sum((row) => row.goalsAgainst),
    );
  });

  it('has every goal of every result, scored by a player of one of the two teams', () => {
    for (const match of results(league)) {
      assert.equal(match.result?.goals.length, (match.result?.home ?? 0) + (match.result?.away ?? 0), match.id);
      for (const { playerId } of match.result?.goals ?? []) {
        assert.ok([match.home, match.away].includes(findPlayer(league, playerId)?.teamId ?? ''), playerId);
      }
    }
  });

  it('names only teams that there are', () => {
    for (const { home, away } of league.matches) assert.notEqual(teamOf(league, home), teamOf(league, away));
    for (const { teamId } of league.players) assert.ok(teamOf(league, teamId));
  });

  it('lists results from the latest, and fixtures from the next', () => {
    assert.equal(results(league)[0]?.id, 'r3-2');
    assert.equal(fixtures(league)[0]?.id, 'r4-1');
  });

  it("counts a player's goals", () => {
    assert.equal(goalsOf(league, 'sean-odowd'), 4);
    assert.equal(goalsOf(league, 'mira-holt'), 0);
  });
});
