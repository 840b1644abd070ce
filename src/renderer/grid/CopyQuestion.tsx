import { ClipboardCopy } from 'lucide-react';
import type { ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';

import type { CopyAnswer, PendingCopy } from './clipboard-requests.ts';
import styles from './CopyQuestion.module.css';

export interface CopyQuestionProps {
  pending: PendingCopy;
  onAnswer: (answer: CopyAnswer) => void;
}

/** Asks whether a program may put text on the clipboard. It takes no key from the program, and waits as long as it must. */
export function CopyQuestion({ pending, onAnswer }: CopyQuestionProps): ReactNode {
  const { length } = pending.text;
  return (
    <div className={styles.question} role="group" aria-label="A program wants to use the clipboard">
      <p className={styles.words} role="status">
        <ClipboardCopy />
        This program wants to put {length.toLocaleString('en')} {length === 1 ? 'character' : 'characters'} on the
        clipboard:
      </p>
      <pre className={styles.preview}>{pending.preview}</pre>
      <div className={styles.answers}>
        <Button
          size="sm"
          variant="primary"
          onClick={() => {
            onAnswer('once');
          }}
        >
          Allow once
        </Button>
        <Button
          size="sm"
          onClick={() => {
            onAnswer('always');
          }}
        >
          Always for this run
        </Button>
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            onAnswer('never');
          }}
        >
          Never
        </Button>
      </div>
    </div>
  );
}
