import { useEffect, useEffectEvent, useState } from 'react';

import { droppedPath, type Dropped } from './dropped-path.ts';

/** Takes what is dropped anywhere on the page. True while something is held over it. */
export function useFolderDrop(hostKind: 'desktop' | 'headless', onDropped: (dropped: Dropped) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  const take = useEffectEvent((data: DataTransfer) => {
    const file = data.files[0];
    const path = file ? (window.desktop?.pathOf(file) ?? '') : '';
    onDropped(path === '' ? droppedPath(data, hostKind) : { kind: 'path', path });
  });
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent): void => {
      // Only when the pointer leaves the page itself is there nothing it enters.
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(false);
      if (event.dataTransfer) take(event.dataTransfer);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
  return isOver;
}
