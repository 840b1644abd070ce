import { Bell, Keyboard, Monitor, Moon, Settings2, Sun } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { canHaveAccent, useAccent } from '#renderer/state/accent.ts';
import { useMirror } from '#renderer/state/mirror.ts';
import { useView } from '#renderer/state/view.ts';
import { shellShowsNotices } from '#renderer/state/web-notices.ts';
import { Checkbox } from '#renderer/ui/Checkbox.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import { settingsSchema, type Settings } from '#shared/contract/host.ts';
import { bytesPerMegabyte, scrollbackLines, scrollbackMegabytes } from '#shared/terminal/scrollback.ts';

import { AttentionSettings } from './AttentionSettings.tsx';
import { changeSettings, chooseTheme, themeWords } from './change-settings.ts';
import { KeyboardSettings } from './KeyboardSettings.tsx';
import styles from './SettingsDialog.module.css';

export type SettingsPage = 'general' | 'attention' | 'keyboard';

export interface SettingsDialogProps {
  page: SettingsPage;
  onClose: () => void;
}

/** The app's own settings. Each change holds at once. */
export function SettingsDialog({ page, onClose }: SettingsDialogProps): ReactNode {
  const settings = useMirror((mirror) => mirror.settings);
  return (
    <Dialog
      open
      onClose={onClose}
      size={page === 'keyboard' ? 'lg' : 'sm'}
      title="Settings"
      description="Kept on this machine, for every project. Each change holds at once."
    >
      <div className={styles.pages}>
        <Segmented
          label="Page of the settings"
          value={page}
          onChange={(next) => {
            useView.getState().openDialog({ kind: 'settings', page: next });
          }}
          options={[
            { value: 'general', label: 'General', icon: <Settings2 /> },
            { value: 'attention', label: 'Attention', icon: <Bell /> },
            { value: 'keyboard', label: 'Keyboard', icon: <Keyboard /> },
          ]}
        />
      </div>
      {settings === null ? null : page === 'keyboard' ? (
        <KeyboardSettings />
      ) : page === 'attention' ? (
        <AttentionSettings settings={settings} />
      ) : (
        <General settings={settings} />
      )}
    </Dialog>
  );
}

/** What the setting costs and gives, in words: in memory of the terminal host, and once more in the window while shown. */
function scrollbackUnit(megabytes: number): string {
  const lines = scrollbackLines(megabytes * bytesPerMegabyte, 120);
  const { min, max } = scrollbackMegabytes;
  return `${String(min)} to ${String(max)} MB of memory a run; now about ${counted(lines)} lines of 120 columns`;
}

const counted = (count: number): string => (Math.round(count / 100) * 100).toLocaleString('en-US');

function General({ settings }: { settings: Settings }): ReactNode {
  return (
    <div className={styles.rows}>
      <div className={styles.row}>
        <span className={styles.name}>Theme</span>
        <Segmented
          label="Theme"
          value={settings.theme}
          onChange={chooseTheme}
          options={[
            { value: 'system', label: themeWords.system, icon: <Monitor /> },
            { value: 'dark', label: themeWords.dark, icon: <Moon /> },
            { value: 'light', label: themeWords.light, icon: <Sun /> },
          ]}
        />
      </div>
      <AccentRow settings={settings} />
      <NumberRow name="terminalFontSize" label="Terminal font size" unit="8 to 32 px" settings={settings} />
      <NumberRow name="editorFontSize" label="Editor font size" unit="8 to 32 px" settings={settings} />
      <NumberRow
        name="terminalScrollbackMegabytes"
        label="Scrollback of a terminal"
        unit={scrollbackUnit(settings.terminalScrollbackMegabytes)}
        settings={settings}
      />
      <div className={styles.row}>
        <span className={styles.name}>
          Programs and the clipboard
          <span className={styles.unit}>whether one may ask to copy text; none can read it</span>
        </span>
        <Segmented
          label="Programs and the clipboard"
          value={settings.terminalClipboard}
          onChange={(terminalClipboard) => {
            changeSettings({ terminalClipboard });
          }}
          options={[
            { value: 'ask', label: 'Ask me' },
            { value: 'never', label: 'Never' },
          ]}
        />
      </div>
      <NumberRow
        name="mostRunning"
        label="Runs at work at once"
        unit="further ones are queued; 0 for no limit, at most 99"
        settings={settings}
      />
      <NumberRow
        name="mostToReview"
        label="Results that may wait for review"
        unit="before further runs are queued; 0 for no limit, at most 99"
        settings={settings}
      />
      <NumberRow
        name="severalIdleMinutes"
        label="Typing into several ends by itself"
        unit="after 1 to 240 minutes without a key"
        settings={settings}
      />
      <EnvironmentRow names={settings.environmentNames} />
      {shellShowsNotices() ? (
        <Checkbox
          checked={settings.stayAwake}
          onChange={(stayAwake) => {
            changeSettings({ stayAwake });
          }}
          label="Keep the machine awake while agents work"
          hint="The screen may go dark. When no agent works, or all wait for you, the machine may sleep."
        />
      ) : null}
    </div>
  );
}

/** Whether the page takes the system's accent colour. Where no system says one, as in a browser, there is nothing to choose. */
function AccentRow({ settings }: { settings: Settings }): ReactNode {
  const system = useAccent((accent) => accent.system);
  const canHave = canHaveAccent(system);
  if (canHave === null) return null;
  return (
    <Checkbox
      checked={settings.systemAccent}
      onChange={(systemAccent) => {
        changeSettings({ systemAccent });
      }}
      label="Follow the system’s accent colour"
      hint={
        canHave
          ? 'Made a little lighter or darker where text on it could not be read.'
          : 'The one that is chosen now could not be read on in both themes, or is the red of what deletes: our own is used.'
      }
    />
  );
}

interface NumberRowProps {
  name:
    | 'terminalFontSize'
    | 'editorFontSize'
    | 'terminalScrollbackMegabytes'
    | 'severalIdleMinutes'
    | 'mostRunning'
    | 'mostToReview';
  label: string;
  unit: string;
  settings: Settings;
}

/** A number that holds as soon as it is one that can be had; until then the field says what would be. */
function NumberRow({ name, label, unit, settings }: NumberRowProps): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? String(settings[name]);
  const isGood = (value: string): boolean =>
    /^\d+$/.test(value) && settingsSchema.shape[name].safeParse(Number(value)).success;
  return (
    <div className={styles.row}>
      <span className={styles.name}>
        {label}
        <span className={styles.unit}>{unit}</span>
      </span>
      <div className={styles.number}>
        <TextField
          label={label}
          hideLabel
          value={text}
          error={isGood(text) ? null : unit}
          onChange={(value) => {
            setDraft(value);
            if (isGood(value)) changeSettings({ [name]: Number(value) });
          }}
          input={{
            inputMode: 'numeric',
            onBlur: () => {
              setDraft(null);
            },
          }}
        />
      </div>
    </div>
  );
}

/** Which of the person's variables reach agents and what else runs in terminals. */
function EnvironmentRow({ names }: { names: readonly string[] | null }): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const text = draft ?? (names ?? []).join(' ');
  const named = (value: string): readonly string[] => value.split(/[\s,]+/).filter(Boolean);
  const isGood = (value: string): boolean => settingsSchema.shape.environmentNames.safeParse(named(value)).success;
  const hint = 'names such as ANTHROPIC_API_KEY or AWS_*, with spaces between';
  return (
    <>
      <div className={styles.row}>
        <span className={styles.name}>
          Variables that agents get
          <span className={styles.unit}>
            of those that this app was started with; holds for what is started from now on
          </span>
        </span>
        <Segmented
          label="Variables that agents get"
          value={names === null ? 'all' : 'named'}
          onChange={(value) => {
            setDraft(null);
            changeSettings({ environmentNames: value === 'all' ? null : [] });
          }}
          options={[
            { value: 'all', label: 'All' },
            { value: 'named', label: 'Only these' },
          ]}
        />
      </div>
      {names === null ? null : (
        <TextField
          label="Beside PATH, HOME, locale, proxies and the like"
          value={text}
          hint={hint}
          error={isGood(text) ? null : `These are not all names of variables: ${hint}.`}
          onChange={(value) => {
            setDraft(value);
            if (isGood(value)) changeSettings({ environmentNames: [...named(value)] });
          }}
        />
      )}
    </>
  );
}
