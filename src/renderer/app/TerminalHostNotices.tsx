import { Info, X } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';

import { Banner } from '#renderer/ui/Banner.tsx';
import { IconButton } from '#renderer/ui/IconButton.tsx';

import { host } from './host.ts';

/** Says that agents run in a terminal host of another version, or that the one that runs cannot do everything. */
export function TerminalHostNotices(): ReactNode {
  const [notices, setNotices] = useState<readonly string[]>([]);
  const [read, setRead] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    const feed = host.terminals.onDidChangeNotices({}, setNotices);
    return () => {
      feed.dispose();
    };
  }, []);
  return notices
    .filter((notice) => !read.has(notice))
    .map((notice) => (
      <Banner
        key={notice}
        icon={Info}
        role="note"
        actions={
          <IconButton
            size="sm"
            label="I have read this"
            icon={<X />}
            onClick={() => {
              setRead(new Set([...read, notice]));
            }}
          />
        }
      >
        {notice}
      </Banner>
    ));
}
