import { useState, type ReactNode } from 'react';

import {
  askForNotices,
  noticePermission,
  shellShowsNotices,
  type NoticePermission,
} from '#renderer/state/web-notices.ts';
import { Callout } from '#renderer/ui/Callout.tsx';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { perform } from '#renderer/ui/notify.ts';
import { TextField } from '#renderer/ui/TextField.tsx';
import { settingsSchema, type Settings } from '#shared/contract/host.ts';

import styles from './SettingsDialog.module.css';
import { changeSettings } from './change-settings.ts';

const usualQuietHours = { from: '22:00', to: '07:00' };

/** How the person is told that a run needs them while they look elsewhere. */
export function AttentionSettings({ settings }: { settings: Settings }): ReactNode {
  const [permission, setPermission] = useState<NoticePermission>(noticePermission);
  const isShell = shellShowsNotices();
  const { notifications, notificationSound, quietHours } = settings;

  const turnOn = (): void => {
    perform('Allow notifications', async () => {
      const answer = isShell ? 'granted' : await askForNotices();
      setPermission(answer);
      if (answer === 'granted') changeSettings({ notifications: true });
    });
  };
  return (
    <div className={styles.rows}>
      <Checkbox
        checked={notifications && (isShell || permission === 'granted')}
        onChange={(checked) => {
          if (checked) turnOn();
          else changeSettings({ notifications: false });
        }}
        label="Tell me when a run needs me"
        hint="One notification when an agent asks, fails or is done; several that come together are one. Never about what is in sight."
      />
      {!isShell && (permission === 'denied' || permission === 'unsupported') ? (
        <Callout tone="warning" title="The browser does not show notifications of this page">
          {permission === 'denied'
            ? 'It was told not to. Allow them for this address in the browser’s settings, then switch this on again.'
            : 'This browser has none for pages. The number in the title and on the icon is there all the same.'}
        </Callout>
      ) : null}
      <Checkbox
        checked={notificationSound}
        onChange={(checked) => {
          changeSettings({ notificationSound: checked });
        }}
        reason={notifications ? null : 'There are no notifications that could sound.'}
        label="With the system’s sound"
      />
      {isShell ? (
        <Checkbox
          checked={settings.tray}
          onChange={(tray) => {
            changeSettings({ tray });
          }}
          label="What needs me in the system’s tray"
          hint="An icon whose menu lists it, and leads there."
        />
      ) : null}
      <Checkbox
        checked={quietHours !== null}
        onChange={(checked) => {
          changeSettings({ quietHours: checked ? usualQuietHours : null });
        }}
        label="Quiet hours"
        hint="Nothing is told then. What still needs you afterwards is told at once, together."
      />
      {quietHours === null ? null : (
        <div className={styles.row}>
          <span className={styles.name}>
            From, to
            <span className={styles.unit}>on the clock of the machine that runs the agents</span>
          </span>
          <div className={styles.times}>
            <TimeField
              label="Quiet from"
              value={quietHours.from}
              onChange={(from) => {
                changeSettings({ quietHours: { ...quietHours, from } });
              }}
            />
            <TimeField
              label="Quiet until"
              value={quietHours.to}
              onChange={(to) => {
                changeSettings({ quietHours: { ...quietHours, to } });
              }}
            />
          </div>
        </div>
      )}
    </div>
  );
}

interface TimeFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** A time that holds as soon as it is one. */
function TimeField({ label, value, onChange }: TimeFieldProps): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? value;
  const isTime = (time: string): boolean => settingsSchema.shape.quietHours.safeParse({ from: time, to: time }).success;
  return (
    <TextField
      label={label}
      hideLabel
      value={text}
      error={isTime(text) ? null : 'A time such as 22:00'}
      onChange={(next) => {
        setDraft(next);
        if (isTime(next)) onChange(next);
      }}
      input={{
        inputMode: 'numeric',
        placeholder: '22:00',
        onBlur: () => {
          setDraft(null);
        },
      }}
    />
  );
}
