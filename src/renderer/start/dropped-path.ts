export type Dropped = { kind: 'path'; path: string } | { kind: 'no-path'; hint: string };

/** What a drop has to offer: the part of a DataTransfer that is looked at. */
export interface DropData {
  getData(format: string): string;
}

/**
 * The folder that was dropped, if its place is known. Browsers keep the place of dropped files to themselves; file
 * managers on Linux, and text that was dragged, name it.
 */
export function droppedPath(data: DropData, host: 'desktop' | 'headless'): Dropped {
  const uri = data
    .getData('text/uri-list')
    .split(/\r?\n/)
    .find((line) => line.startsWith('file://'));
  if (uri) {
    const path = pathOf(uri);
    if (path !== null) return { kind: 'path', path };
  }
  const text = data.getData('text/plain').trim();
  if (/^(\/|~\/|[A-Za-z]:[\\/])/.test(text) && !text.includes('\n')) return { kind: 'path', path: text };
  return {
    kind: 'no-path',
    hint:
      host === 'desktop'
        ? 'The system did not say where it is. Use Browse, or write its path above.'
        : 'A browser does not tell a page where a dropped folder is. Write its path above: the list below the field helps.',
  };
}

function pathOf(uri: string): string | null {
  try {
    const path = decodeURIComponent(new URL(uri).pathname);
    return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path;
  } catch {
    return null; // not an address after all: the same as no path
  }
}
