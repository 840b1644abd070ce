import { ChartNoAxesColumn } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { host } from '#renderer/app/host.ts';
import { useProject } from '#renderer/state/mirror.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { Loading } from '#renderer/ui/Loading.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { timeText } from '#renderer/ui/time-text.ts';
import type { Figures, RunFigures, WeekFigures } from '#shared/contract/figures.ts';
import { counted } from '#shared/counted.ts';

import { costText, speedUpText, tokensText, weekSentence } from './figure-words.ts';
import styles from './FiguresPane.module.css';

/** How often the figures are read again while they are looked at. */
const refreshMilliseconds = 20_000;

/** What the agents of this project have done, cost, and taken of the person's time, week by week and run by run. */
export function FiguresPane(): ReactNode {
  const { id } = useProject();
  const [figures, setFigures] = useState<Figures | null>(null);
  useEffect(() => {
    let isHere = true;
    const read = (): void => {
      perform('Read the figures', async () => {
        const answer = await host.figures.read({ projectId: id });
        if (answer.ok && isHere) setFigures(answer.value);
      });
    };
    read();
    const timer = setInterval(read, refreshMilliseconds);
    return () => {
      isHere = false;
      clearInterval(timer);
    };
  }, [id]);

  if (figures === null) return <Loading label="Reading the record" />;
  const { weeks, runs, unknown } = figures;
  const [latest] = weeks;
  if (latest === undefined) {
    return (
      <EmptyState icon={<ChartNoAxesColumn />} title="No figures yet">
        As soon as agents have worked here, this shows what they did, how long it took, what it cost, and how much of
        your time it took. Spawn agents on a spec to begin.
      </EmptyState>
    );
  }
  return (
    <section className={styles.pane} aria-label="Figures">
      <p className={styles.sum}>{weekSentence(latest)}</p>
      <h2 className={styles.heading}>By week</h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {weekColumns.map(({ name, hint }) => (
                <th key={name} scope="col" title={hint}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.map((week) => (
              <tr key={week.beginsAt}>
                {weekColumns.map(({ name, text }) => (
                  <td key={name}>{text(week)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 className={styles.heading}>By run</h2>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <thead>
            <tr>
              {runColumns.map(({ name, hint }) => (
                <th key={name} scope="col" title={hint}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.runId}>
                {runColumns.map(({ name, text }) => (
                  <td key={name} title={name === 'Run' ? `${run.title}, ${run.branch}` : undefined}>
                    {text(run)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2 className={styles.heading}>What these figures do not know</h2>
      <ul className={styles.notes}>
        {notes(unknown).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </section>
  );
}

interface Column<T> {
  name: string;
  hint: string;
  text: (row: T) => string;
}

const dayText = (at: number): string => new Date(at).toLocaleDateString([], { day: 'numeric', month: 'short' });

const shared = {
  agentTime: { name: 'Agent time', hint: 'How long agents were at work, all of them added up.' },
  interruptions: { name: 'Stops', hint: 'How often a run stopped for you: it asked, or it failed.' },
  personTime: {
    name: 'Your time',
    hint: 'At terminals, reviews and files of runs, with a key or the pointer in the last two minutes.',
  },
  tokens: { name: 'Tokens', hint: 'As the agents report them; what came from a cache counts as read in.' },
  cost: { name: 'Cost', hint: 'As the agents report it, in US dollars.' },
};

const weekColumns: readonly Column<WeekFigures>[] = [
  { name: 'Week from', hint: 'Monday', text: ({ beginsAt }) => dayText(beginsAt) },
  {
    name: 'Merged',
    hint: 'Specs of which a run was merged, each once.',
    text: ({ specsMerged }) => String(specsMerged),
  },
  { name: 'Runs', hint: 'Runs that were started.', text: ({ runsStarted }) => String(runsStarted) },
  { ...shared.agentTime, text: ({ agentTime }) => timeText(agentTime) },
  {
    name: 'Wall time',
    hint: 'The time in which at least one agent was at work.',
    text: ({ wallTime }) => timeText(wallTime),
  },
  { name: 'Speed-up', hint: 'Against one agent at a time: agent time by wall time.', text: speedUpText },
  { ...shared.interruptions, text: ({ interruptions }) => String(interruptions) },
  { ...shared.personTime, text: ({ personTime }) => timeText(personTime) },
  { ...shared.tokens, text: ({ usage }) => tokensText(usage) },
  { ...shared.cost, text: ({ usage }) => costText(usage) },
];

const runColumns: readonly Column<RunFigures>[] = [
  { name: 'Run', hint: 'The spec that it carries out.', text: ({ title }) => title },
  { name: 'Agent', hint: 'Who worked on it.', text: ({ agent }) => agent },
  { name: 'Started', hint: 'When it was spawned.', text: ({ createdAt }) => dayText(createdAt) },
  { name: 'Merged', hint: 'Whether its base has it.', text: ({ isMerged }) => (isMerged ? 'yes' : '—') },
  { ...shared.agentTime, text: ({ agentTime }) => timeText(agentTime) },
  { ...shared.interruptions, text: ({ interruptions }) => String(interruptions) },
  { ...shared.personTime, text: ({ personTime }) => timeText(personTime) },
  { ...shared.tokens, text: ({ usage }) => tokensText(usage) },
  { ...shared.cost, text: ({ usage }) => costText(usage) },
];

function notes({ openEnds, mergesWithoutTime, runsWithoutUsage }: Figures['unknown']): readonly string[] {
  return [
    ...(runsWithoutUsage > 0
      ? [
          `Tokens and money of ${counted(runsWithoutUsage, 'run')}: their agents report none. opencode, Kilo Code and pi do, by a plugin.`,
        ]
      : []),
    ...(openEnds > 0
      ? [
          `${counted(openEnds, 'time')} at work whose end nobody saw, because the machine or the terminal host was restarted.`,
        ]
      : []),
    ...(mergesWithoutTime > 0
      ? [
          `When ${counted(mergesWithoutTime, 'run')} that you merged outside of Switchyard came in: no week counts them.`,
        ]
      : []),
    'Your time on the board, in specs and prompts, and in other programs. Runs that were forgotten.',
    'Whether one agent alone would have taken the same time for each spec: the speed-up assumes that it would.',
  ];
}
