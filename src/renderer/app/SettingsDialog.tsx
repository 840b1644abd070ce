import { Monitor, Moon, Sun } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { useMirror } from '#renderer/state/mirror.ts';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { Segmented } from '#renderer/ui/Segmented.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import { settingsSchema, type Settings } from '#shared/contract/host.ts';
import { bytesPerMegabyte, scrollbackLines, scrollbackMegabytes } from '#shared/terminal/scrollback.ts';

import { changeSettings, chooseTheme, themeWords } from './change-settings.ts';
import styles from './SettingsDialog.module.css';

/** The app's own settings. Each change holds at once. */
export function SettingsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const settings = useMirror((mirror) => mirror.settings);
  return (
    <Dialog open onClose={onClose} size="sm" title="Settings" description="Kept on this machine, for every project.">
      {settings ? (
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
        </div>
      ) : null}
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

interface NumberRowProps {
  name: 'terminalFontSize' | 'editorFontSize' | 'terminalScrollbackMegabytes';
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
