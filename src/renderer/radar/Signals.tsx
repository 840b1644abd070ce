import { Copy, Hash, Package, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';

import { openPlace } from '#renderer/state/open-place.ts';
import type { RadarSignal, RadarState, SignalPlace } from '#shared/contract/radar.ts';

import styles from './PairDetails.module.css';

const icons: Readonly<Record<RadarSignal['kind'], ReactNode>> = {
  'removed-name': <Unplug aria-hidden />,
  'same-number': <Hash aria-hidden />,
  'same-dependency': <Package aria-hidden />,
  'same-path': <Copy aria-hidden />,
};

interface SignalsProps {
  signals: readonly RadarSignal[];
  radar: RadarState;
  base: string;
}

/** What Git merges and what may not work together all the same: the reason, and the places to look at. */
export function Signals({ signals, radar, base }: SignalsProps): ReactNode {
  if (signals.length === 0) return null;
  return (
    <section className={styles.signals} aria-label="Beyond the text">
      <h3 className={styles.heading}>Beyond the text</h3>
      <p className={styles.reason}>Git has no question about these. They are guesses from names, and worth a look.</p>
      <ul>
        {signals.map((signal) => (
          <li key={signal.words} data-signal={signal.kind}>
            {icons[signal.kind]}
            <div>
              <p className={styles.words}>{signal.words}</p>
              {signal.places.map((place) => (
                <Place
                  key={`${place.run ?? ''} ${place.path} ${String(place.line)}`}
                  place={place}
                  title={radar.branches.find(({ id }) => id === place.run)?.title ?? base}
                />
              ))}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Place({ place, title }: { place: SignalPlace; title: string }): ReactNode {
  const { run, path, line } = place;
  const text = `${path}${line === null ? '' : `:${String(line)}`}`;
  return (
    <p className={styles.place}>
      {run === null ? (
        <code>{text}</code>
      ) : (
        <button
          type="button"
          title="Show this place"
          onClick={() => {
            openPlace({ runId: run, path, line, column: null });
          }}
        >
          {text}
        </button>
      )}{' '}
      <span className={styles.reason}>{title}</span>
    </p>
  );
}
