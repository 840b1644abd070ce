import { CaseSensitive, Regex, Search, SearchX } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { agentName } from '#renderer/state/run-words.ts';
import { aimAt } from '#renderer/state/targets.ts';
import { useView } from '#renderer/state/view.ts';
import { Badge } from '#renderer/ui/Badge.tsx';
import { Button } from '#renderer/ui/Button.tsx';
import { classNames } from '#renderer/ui/class-names.ts';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';
import { Spinner } from '#renderer/ui/Spinner.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import type { Run } from '#shared/contract/runs.ts';
import { searchLimits, type TerminalMatch } from '#shared/contract/terminals.ts';
import { counted } from '#shared/counted.ts';
import type { TerminalId } from '#shared/ids.ts';

import {
  cancelSearch,
  changeQuery,
  startSearch,
  useSearch,
  type SearchPhase,
  type TerminalResult,
} from './search-state.ts';
import styles from './SearchPane.module.css';

/** From the last key on, so that a word is not looked for letter by letter. */
const pauseMilliseconds = 250;
/** Of one run, until the others are asked for: the last ones. */
const shownAtFirst = 10;

/** Looks through what all terminals of the project keep, and leads to each hit. */
export function SearchPane(): ReactNode {
  const { query, phase, results, total } = useSearch();
  const runs = useMirror((mirror) => mirror.runs);
  const terminalCount = Array.from(runs?.values() ?? []).filter((run) => run.terminalId !== null).length;
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);

  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  useEffect(() => {
    const searched = useSearch.getState().phase.kind;
    // Coming back to a search finds it as it was.
    if (searched !== 'idle' && !changedSince(query)) return undefined;
    const timer = setTimeout(search, query.text === '' ? 0 : pauseMilliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [query]);

  const hits = (): HTMLButtonElement[] => Array.from(list.current?.querySelectorAll('button') ?? []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') search();
    else if (event.key === 'ArrowDown') hits()[0]?.focus();
    else if (event.key === 'Escape' && phase.kind === 'running') cancelSearch();
    else return;
    event.preventDefault();
  };
  const onListKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const all = hits();
    const at = all.findIndex((button) => button === document.activeElement) + step;
    (at < 0 ? input.current : all[at])?.focus();
  };
  return (
    <section className={styles.pane} aria-label="Search all terminals">
      <search className={styles.head}>
        <div className={styles.field}>
          <TextField
            label="Search all terminals"
            hideLabel
            placeholder={`Search ${counted(terminalCount, 'terminal')}`}
            mono
            icon={<Search />}
            value={query.text}
            onChange={(text) => {
              changeQuery({ text: text.slice(0, 1000) });
            }}
            inputRef={input}
            input={{ onKeyDown, 'aria-invalid': phase.kind === 'no-expression' ? true : undefined }}
            end={
              <>
                <IconButton
                  size="sm"
                  label="Match case"
                  icon={<CaseSensitive />}
                  pressed={query.caseSensitive}
                  onClick={() => {
                    changeQuery({ caseSensitive: !query.caseSensitive });
                  }}
                />
                <IconButton
                  size="sm"
                  label="Regular expression"
                  icon={<Regex />}
                  pressed={query.regex}
                  onClick={() => {
                    changeQuery({ regex: !query.regex });
                  }}
                />
              </>
            }
          />
        </div>
        <div className={styles.status} role="status">
          {phase.kind === 'running' ? <Spinner /> : null}
          <span className={classNames(styles.words, phase.kind === 'no-expression' && styles.wrong)}>
            {statusOf(phase, results, total)}
          </span>
        </div>
        {phase.kind === 'running' ? (
          <Button size="sm" onClick={cancelSearch}>
            Cancel
          </Button>
        ) : null}
      </search>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- arrows go from hit to hit, which are buttons */}
      <div ref={list} className={styles.results} onKeyDown={onListKeyDown}>
        <Results results={results} phase={phase} count={terminalCount} />
      </div>
    </section>
  );
}

/** What was looked for last. */
let asked = '';
const changedSince = (query: object): boolean => JSON.stringify(query) !== asked;

/** The terminals in the grid first, as they stand there; then the others, the latest run first. */
function search(): void {
  asked = JSON.stringify(useSearch.getState().query);
  const runs = useMirror.getState().runs ?? new Map<string, Run>();
  const inGrid = useView.getState().grid.runIds.flatMap((id) => runs.get(id) ?? []);
  const others = Array.from(runs.values()).toSorted((a, b) => b.createdAt - a.createdAt);
  const ids = new Set<TerminalId>();
  for (const { terminalId } of [...inGrid, ...others]) if (terminalId !== null) ids.add(terminalId);
  startSearch(Array.from(ids).slice(0, searchLimits.terminals));
}

function statusOf(phase: SearchPhase, results: readonly TerminalResult[], total: number): string {
  const hits = results.reduce((sum, { count }) => sum + count, 0);
  const found = `${counted(hits, 'hit')} in ${counted(results.filter(({ count }) => count > 0).length, 'terminal')}`;
  switch (phase.kind) {
    case 'idle':
      return '';
    case 'running':
      return `${String(results.length)} of ${counted(total, 'terminal')}, ${counted(hits, 'hit')}`;
    case 'done':
      return found;
    case 'cancelled':
      return `Cancelled after ${String(results.length)} of ${counted(total, 'terminal')}: ${found}`;
    case 'too-slow':
      return `This expression takes too long and was given up: ${found}`;
    case 'no-expression':
      return `Not a regular expression: ${phase.message}`;
  }
}

function Results({
  results,
  phase,
  count,
}: {
  results: readonly TerminalResult[];
  phase: SearchPhase;
  count: number;
}): ReactNode {
  const runs = useMirror((mirror) => mirror.runs);
  const byTerminal = new Map(
    Array.from(runs?.values() ?? []).flatMap((run) =>
      run.terminalId === null ? [] : [[run.terminalId, run] as const],
    ),
  );
  const unread = results.filter(({ outcome }) => outcome === 'old-host').length;
  const cutShort = results.filter(({ outcome }) => outcome === 'changing').length;
  const groups = results.flatMap((result) => {
    const run = byTerminal.get(result.id);
    return run && result.count > 0 ? [{ run, result }] : [];
  });
  if (groups.length === 0 && (phase.kind === 'running' || phase.kind === 'idle')) {
    return results.length > 0 ? null : (
      <EmptyState icon={<Search />} title="Search what the agents have said">
        {count === 0
          ? 'There is no terminal yet. Spawn an agent, and what it prints can be searched here.'
          : 'Type a word, a file name or an error. Everything that the terminals keep is searched, on screen and scrolled away.'}
      </EmptyState>
    );
  }
  return (
    <>
      {unread > 0 ? (
        <p className={styles.note}>
          {counted(unread, 'terminal')} cannot be searched: the terminal host was started by an older version of
          Switchyard. Its agents go on; it is replaced when the last of them is removed.
        </p>
      ) : null}
      {cutShort > 0 ? (
        <p className={styles.note}>
          {counted(cutShort, 'terminal')} could not be searched to the end, because the width went on changing. Search
          again when it rests.
        </p>
      ) : null}
      {groups.map(({ run, result }) => (
        <Group key={result.id} run={run} result={result} />
      ))}
      {groups.length === 0 ? (
        <EmptyState icon={<SearchX />} title={nothing[phase.kind].title}>
          {nothing[phase.kind].text}
        </EmptyState>
      ) : null}
    </>
  );
}

const noHits = {
  title: 'No hits',
  text: 'What has scrolled out of a terminal is not kept. How much is kept can be set in the settings.',
};
const nothing: Readonly<Record<SearchPhase['kind'], { title: string; text: string }>> = {
  idle: noHits,
  running: noHits,
  done: noHits,
  cancelled: { title: 'Cancelled before there was a hit', text: 'Press Enter in the field to search again.' },
  'too-slow': {
    title: 'This expression takes too long',
    text: 'It was given up; terminals and agents were not held up. One without a repeat inside of a repeat, such as (a+)+, is quick.',
  },
  'no-expression': {
    title: 'Not a regular expression yet',
    text: 'Complete it, or switch regular expressions off to search for the text as it is.',
  },
};

function Group({ run, result }: { run: Run; result: TerminalResult }): ReactNode {
  const [isWhole, setIsWhole] = useState(false);
  const { matches, count } = result;
  const shown = isWhole ? matches : matches.slice(-shownAtFirst);
  const hidden = matches.length - shown.length;
  return (
    <section className={styles.group} aria-label={`Hits in ${run.spec.title}, ${agentName(run)}`}>
      <header className={styles.groupHead}>
        <h2 className={styles.title}>{run.spec.title}</h2>
        <span className={styles.by}>
          {agentName(run)} · {run.branch}
        </span>
        <span className={styles.count}>{counted(count, 'hit')}</span>
      </header>
      {count > matches.length ? (
        <p className={styles.note}>The last {String(matches.length)} of them are listed.</p>
      ) : null}
      {hidden > 0 ? (
        <p className={styles.note}>
          <Button
            size="sm"
            variant="ghost"
            onClick={() => {
              setIsWhole(true);
            }}
          >
            Show {String(hidden)} earlier
          </Button>
        </p>
      ) : null}
      {shown.map((match, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a list that is replaced as a whole
        <Hit key={index} run={run} match={match} />
      ))}
    </section>
  );
}

function Hit({ run, match }: { run: Run; match: TerminalMatch }): ReactNode {
  const { text, offset, length } = match.excerpt;
  return (
    <button
      type="button"
      className={styles.hit}
      onClick={() => {
        aimAt({ terminal: { runId: run.id, match } });
        useView.getState().openTerminal(run.id);
      }}
    >
      {match.before.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other name than their place
        <span key={`before-${String(index)}`} className={classNames(styles.line, styles.context)}>
          {line}
        </span>
      ))}
      <span className={styles.line}>
        {text.slice(0, offset)}
        <mark className={styles.mark}>{text.slice(offset, offset + length)}</mark>
        {text.slice(offset + length)}
        {match.screen === 'alternate' ? <Badge quiet>full screen</Badge> : null}
      </span>
      {match.after.map((line, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other name than their place
        <span key={`after-${String(index)}`} className={classNames(styles.line, styles.context)}>
          {line}
        </span>
      ))}
    </button>
  );
}
