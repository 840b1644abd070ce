/** What Electron calls keys differently from a chord of ours. */
const names: Readonly<Record<string, string>> = {
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Mod: 'CommandOrControl',
  Ctrl: 'Control',
  '+': 'Plus',
};

const keys =
  /^(?:[A-Z0-9]|F\d{1,2}|Up|Down|Left|Right|Plus|Home|End|PageUp|PageDown|Insert|Delete|Enter|Tab|Space|Escape|Backspace|[)!@#$%^&*(:;<,=_\-.>?/~`{\][|\\}"'])$/;

/** A chord such as `Mod+Shift+ArrowUp` as Electron writes it; null for one that it has no words for. */
export function acceleratorOf(chord: string): string | null {
  const parts =
    chord === '+' ? ['+'] : chord.endsWith('++') ? [...chord.slice(0, -2).split('+'), '+'] : chord.split('+');
  const renamed = parts.map((part) => names[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  const key = renamed.at(-1) ?? '';
  const held = renamed.slice(0, -1);
  const isKnown =
    keys.test(key) && held.every((each) => ['CommandOrControl', 'Control', 'Alt', 'Shift'].includes(each));
  return isKnown ? [...held, key].join('+') : null;
}
