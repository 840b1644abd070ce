import type { ReactNode } from 'react';

import { Button } from '#renderer/ui/Button.tsx';
import { EmptyState } from '#renderer/ui/EmptyState.tsx';
import type { ReviewContent } from '#shared/contract/review.ts';
import { assertNever } from '#shared/result.ts';

import styles from './OtherContent.module.css';

interface OtherContentProps {
  content: Exclude<ReviewContent, { kind: 'text' }>;
  path: string;
  /** What the two sides are called. */
  names?: { original: string; modified: string };
  onShowHuge: () => void;
}

/** Two sides of a file that is no text, or too much of it: what can be said of them. */
export function OtherContent({ content, path, names = inTime, onShowHuge }: OtherContentProps): ReactNode {
  switch (content.kind) {
    case 'image':
      return (
        <div className={styles.images}>
          <Picture title={names.original} url={content.originalDataUrl} bytes={content.originalBytes} path={path} />
          <Picture title={names.modified} url={content.modifiedDataUrl} bytes={content.modifiedBytes} path={path} />
        </div>
      );
    case 'binary':
      return (
        <EmptyState compact title="Not a text file">
          {sizes(content.originalBytes, content.modifiedBytes, names)}
        </EmptyState>
      );
    case 'submodule':
      return (
        <EmptyState compact title="A submodule">
          {side(content.originalCommit)} → {side(content.modifiedCommit)}
        </EmptyState>
      );
    case 'symlink':
      return (
        <EmptyState compact title="A symbolic link">
          {side(content.originalTarget)} → {side(content.modifiedTarget)}
        </EmptyState>
      );
    case 'huge':
      return (
        <EmptyState compact title="A large file" actions={<Button onClick={onShowHuge}>Show it all the same</Button>}>
          {sizes(content.originalBytes, content.modifiedBytes, names)} Showing it may take several seconds.
        </EmptyState>
      );
    default:
      return assertNever(content);
  }
}

const inTime = { original: 'Before', modified: 'After' };

const side = (text: string | null): ReactNode => (text === null ? 'nothing' : <code>{text}</code>);

interface PictureProps {
  title: string;
  url: string | null;
  bytes: number;
  path: string;
}

function Picture({ title, url, bytes, path }: PictureProps): ReactNode {
  return (
    <figure className={styles.picture}>
      <figcaption>
        {title}
        {url === null ? '' : `, ${byteText(bytes)}`}
      </figcaption>
      {url === null ? <p className={styles.nothing}>Not there</p> : <img src={url} alt={`${title}: ${path}`} />}
    </figure>
  );
}

function sizes(before: number | null, after: number | null, names: typeof inTime): string {
  if (names !== inTime) return `${names.original}: ${sizeText(before)}. ${names.modified}: ${sizeText(after)}.`;
  if (before === null) return `New, ${byteText(after ?? 0)}.`;
  if (after === null) return `It was ${byteText(before)}.`;
  return `${byteText(before)} before, ${byteText(after)} now.`;
}

const sizeText = (bytes: number | null): string => (bytes === null ? 'not there' : byteText(bytes));

function byteText(bytes: number): string {
  if (bytes < 1000) return `${String(bytes)} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
