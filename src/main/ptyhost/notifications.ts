/** A program's own word to the person, from OSC 9, 99 or 777. */
export type Message = { kind: 'text'; text: string } | { kind: 'progress'; progress: TerminalProgress };

/** What a program says about how far it is (OSC 9;4, as ConEmu defined it). */
export interface TerminalProgress {
  state: 'none' | 'normal' | 'error' | 'indeterminate' | 'paused';
  /** 0 to 100; null when the program did not say. */
  percent: number | null;
}

const longestText = 500;
/** Notifications of kitty's protocol come in parts; more unfinished ones than this are forgotten. */
const mostUnfinished = 8;

/** Control characters become spaces: the text goes into a card and a system notification. */
export function oneLine(text: string, limit = longestText): string {
  // The cut comes first, so that a title of megabytes costs nothing.
  return text
    .slice(0, limit * 2)
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, limit);
}

/** OSC 9: a message (iTerm2), or one of ConEmu's numbered commands, of which `4` is progress. */
export function readOsc9(data: string): Message | null {
  const numbered = /^(\d{1,2})(?:;(.*))?$/s.exec(data);
  if (!numbered) return asText(data);
  if (numbered[1] === '4') return readProgress(numbered[2] ?? '');
  // ConEmu's others tell of folders, waits and environment. A message that is only a number says nothing either.
  return null;
}

/** OSC 777: `notify;title;body` (urxvt), or Kilo Code's word of what it does, `kilo;activity;1;busy;…`, as it is. */
export function readOsc777(data: string): Message | null {
  if (data.startsWith('kilo;activity;')) return asText(data);
  const [command, title = '', ...body] = data.split(';');
  if (command !== 'notify') return null;
  return asText([title, body.join(';')].filter((part) => part !== '').join(': '));
}

/** OSC 99: kitty's notifications, which may come in several parts and in base64. */
export class KittyNotifications {
  readonly #unfinished = new Map<string, { title: string; body: string }>();

  read(data: string): Message | null {
    const split = data.indexOf(';');
    if (split < 0) return null;
    const keys = new Map(
      data
        .slice(0, split)
        .split(':')
        .map((pair) => [pair.slice(0, 1), pair.slice(2)]),
    );
    const part = keys.get('p') ?? 'title';
    if (part !== 'title' && part !== 'body') return null;
    const id = keys.get('i') ?? '';
    const parts = this.#unfinished.get(id) ?? { title: '', body: '' };
    this.#unfinished.delete(id);
    const payload = data.slice(split + 1, split + 1 + longestText * 4);
    const text = keys.get('e') === '1' ? Buffer.from(payload, 'base64').toString('utf8') : payload;
    parts[part] = (parts[part] + text).slice(0, longestText);
    if (keys.get('d') !== '0') return asText([parts.title, parts.body].filter((each) => each !== '').join(': '));
    if (this.#unfinished.size < mostUnfinished) this.#unfinished.set(id, parts);
    return null;
  }
}

function readProgress(data: string): Message {
  const [code, value = ''] = data.split(';');
  const states = ['none', 'normal', 'error', 'indeterminate', 'paused'] as const;
  const percent = /^\d{1,3}$/.test(value) ? Math.min(100, Number(value)) : null;
  return { kind: 'progress', progress: { state: states[Number(code)] ?? 'none', percent } };
}

function asText(raw: string): Message | null {
  const text = oneLine(raw);
  return text === '' ? null : { kind: 'text', text };
}
