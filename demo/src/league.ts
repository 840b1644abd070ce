export interface Team {
  id: string;
  name: string;
  ground: string;
}

export interface Player {
  id: string;
  name: string;
  teamId: string;
  number: number;
}

export interface Goal {
  playerId: string;
  minute: number;
}

export interface Result {
  home: number;
  away: number;
  goals: readonly Goal[];
}

export interface Match {
  id: string;
  /** Team ids. */
  home: string;
  away: string;
  /** Kick-off, as `YYYY-MM-DD` and `HH:MM`, local time. */
  date: string;
  time: string;
  /** Null until it has been played. */
  result: Result | null;
}

export interface League {
  name: string;
  season: string;
  teams: readonly Team[];
  players: readonly Player[];
  matches: readonly Match[];
}

export interface Standing {
  team: Team;
  played: number;
  won: number;
  drawn: number;
  lost: number;
  goalsFor: number;
  goalsAgainst: number;
  points: number;
}

export const findPlayer = (league: League, id: string): Player | undefined =>
  league.players.find((player) => player.id === id);

export const findMatch = (league: League, id: string): Match | undefined =>
  league.matches.find((match) => match.id === id);

/** The team with that id. A league never names one that it does not have; the tests see to that. */
export function teamOf(league: League, id: string): Team {
  const team = league.teams.find((candidate) => candidate.id === id);
  if (!team) throw new Error(`no team ${id}`);
  return team;
}

const byKickOff = (a: Match, b: Match): number => `${a.date} ${a.time}`.localeCompare(`${b.date} ${b.time}`);

/** What has been played, the latest first. */
export const results = (league: League): Match[] =>
  league.matches.filter((match) => match.result !== null).toSorted((a, b) => byKickOff(b, a));

/** What is still to be played, the next first. */
export const fixtures = (league: League): Match[] =>
  league.matches.filter((match) => match.result === null).toSorted(byKickOff);

/** Three points for a win, one for a draw; then goal difference, then goals, then the name. */
export function standings(league: League): Standing[] {
  const rows = new Map<string, Standing>(
    league.teams.map((team) => [
      team.id,
      { team, played: 0, won: 0, drawn: 0, lost: 0, goalsFor: 0, goalsAgainst: 0, points: 0 },
    ]),
  );
  for (const { home, away, result } of league.matches) {
    if (!result) continue;
    count(rows.get(home), result.home, result.away);
    count(rows.get(away), result.away, result.home);
  }
  return [...rows.values()].toSorted(
    (a, b) =>
      b.points - a.points ||
      b.goalsFor - b.goalsAgainst - (a.goalsFor - a.goalsAgainst) ||
      b.goalsFor - a.goalsFor ||
      a.team.name.localeCompare(b.team.name),
  );
}

function count(row: Standing | undefined, scored: number, conceded: number): void {
  if (!row) return;
  row.played += 1;
  row.goalsFor += scored;
  row.goalsAgainst += conceded;
  if (scored > conceded) {
    row.won += 1;
    row.points += 3;
  } else if (scored === conceded) {
    row.drawn += 1;
    row.points += 1;
  } else {
    row.lost += 1;
  }
}

/** How often a player has scored this season. */
export const goalsOf = (league: League, playerId: string): number =>
  league.matches.flatMap((match) => match.result?.goals ?? []).filter((goal) => goal.playerId === playerId).length;
