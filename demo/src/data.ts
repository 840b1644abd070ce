import type { League, Match, Player, Result } from './league.ts';

const player = (id: string, name: string, teamId: string, number: number): Player => ({ id, name, teamId, number });

/** Scorers as `player@minute`, home goals first. */
function result(home: number, away: number, ...scorers: string[]): Result {
  const goals = scorers.map((scorer) => {
    const [playerId = '', minute = '0'] = scorer.split('@');
    return { playerId, minute: Number(minute) };
  });
  return { home, away, goals };
}

const match = (id: string, home: string, away: string, date: string, time: string, played?: Result): Match => ({
  id,
  home,
  away,
  date,
  time,
  result: played ?? null,
});

export const league: League = {
  name: 'Riverside League',
  season: '2026/27',
  teams: [
    { id: 'herons', name: 'Harbour Herons', ground: 'Quayside Pitch' },
    { id: 'rovers', name: 'Mill Lane Rovers', ground: 'Mill Lane' },
    { id: 'quarry', name: 'Old Quarry', ground: 'The Quarry' },
    { id: 'station', name: 'Station United', ground: 'Platform Park' },
  ],
  players: [
    player('ada-okafor', 'Ada Okafor', 'herons', 9),
    player('tomasz-lis', 'Tomasz Lis', 'herons', 4),
    player('june-park', 'June Park', 'herons', 7),
    player('sean-odowd', "Sean O'Dowd", 'rovers', 10),
    player('mira-holt', 'Mira Holt', 'rovers', 1),
    player('idris-bell', 'Idris Bell', 'rovers', 6),
    player('lena-voss', 'Lena Voss', 'quarry', 11),
    player('hugo-prat', 'Hugo Prat', 'quarry', 5),
    player('noor-aziz', 'Noor Aziz', 'quarry', 8),
    player('kit-marlow', 'Kit Marlow', 'station', 3),
    player('rosa-diaz', 'Rosa Díaz', 'station', 9),
    player('sam-tuck', 'Sam Tuck', 'station', 2),
  ],
  matches: [
    match(
      'r1-1',
      'herons',
      'rovers',
      '2026-09-06',
      '10:00',
      result(3, 1, 'ada-okafor@4', 'june-park@17', 'ada-okafor@31', 'sean-odowd@22'),
    ),
    match(
      'r1-2',
      'quarry',
      'station',
      '2026-09-06',
      '11:30',
      result(2, 2, 'lena-voss@9', 'noor-aziz@28', 'rosa-diaz@12', 'rosa-diaz@39'),
    ),
    match('r2-1', 'rovers', 'quarry', '2026-09-20', '10:00', result(0, 1, 'lena-voss@35')),
    match('r2-2', 'station', 'herons', '2026-09-20', '11:30', result(1, 1, 'kit-marlow@8', 'tomasz-lis@26')),
    match('r3-1', 'herons', 'quarry', '2026-10-04', '10:00', result(2, 0, 'ada-okafor@15', 'june-park@38')),
    match(
      'r3-2',
      'station',
      'rovers',
      '2026-10-04',
      '11:30',
      result(1, 4, 'rosa-diaz@20', 'sean-odowd@3', 'idris-bell@11', 'sean-odowd@24', 'sean-odowd@40'),
    ),
    match('r4-1', 'rovers', 'herons', '2027-03-07', '10:00'),
    match('r4-2', 'station', 'quarry', '2027-03-07', '11:30'),
    match('r5-1', 'quarry', 'rovers', '2027-03-21', '10:00'),
    match('r5-2', 'herons', 'station', '2027-03-21', '11:30'),
    match('r6-1', 'quarry', 'herons', '2027-04-11', '10:00'),
    match('r6-2', 'rovers', 'station', '2027-04-11', '11:30'),
  ],
};
