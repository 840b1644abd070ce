import { Braces } from 'lucide-react';
import { useState, type ReactNode } from 'react';

import { copyText } from '#renderer/state/run-actions.ts';
import { Button } from '#renderer/ui/Button.tsx';
import { Dialog } from '#renderer/ui/Dialog.tsx';
import { TextField } from '#renderer/ui/TextField.tsx';
import { keyBindings, type KeyBindings } from '#shared/key-chord.ts';

/** The changed keys as JSON: to be kept, sent to another machine, or taken from one. */
export function KeysAsText({
  chosen,
  onChange,
}: {
  chosen: KeyBindings;
  onChange: (keys: KeyBindings) => void;
}): ReactNode {
  const [text, setText] = useState<string | null>(null);
  const present = JSON.stringify(chosen, null, 2);
  const read = text === null ? null : readKeys(text);
  const close = (): void => {
    setText(null);
  };
  return (
    <>
      <Button
        icon={<Braces />}
        onClick={() => {
          setText(present);
        }}
      >
        As text
      </Button>
      <Dialog
        open={text !== null}
        onClose={close}
        size="md"
        title="Changed keys as text"
        description="JSON: the command, and its keys in place of its own. An empty list is no key. Put another text here to take its keys."
        footer={
          <>
            <Button
              onClick={() => {
                copyText('keys', present);
              }}
            >
              Copy
            </Button>
            <Button
              variant="primary"
              reason={read?.error ?? (text === present ? 'These are the keys that hold now.' : null)}
              onClick={() => {
                if (read?.keys) onChange(read.keys);
                close();
              }}
            >
              Use these keys
            </Button>
          </>
        }
      >
        <TextField
          label="Keys as JSON"
          hideLabel
          mono
          lines={12}
          value={text ?? ''}
          onChange={setText}
          error={read?.error}
        />
      </Dialog>
    </>
  );
}

type Read = { keys: KeyBindings; error: null } | { keys: null; error: string };

function readKeys(text: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { keys: null, error: 'This is not JSON.' };
  }
  const parsed = keyBindings.safeParse(value);
  if (parsed.success) return { keys: parsed.data, error: null };
  const issue = parsed.error.issues[0];
  const place = issue?.path.map(String).join(' › ') ?? '';
  return { keys: null, error: `${place === '' ? '' : `${place}: `}${issue?.message ?? 'These are no keys.'}` };
}
