/** The ref that says to where a base was moved, next to the snapshot of where it was. */
export const mergedRef = (snapshot: string): string =>
  snapshot.replace(/^refs\/switchyard\//u, 'refs/switchyard/merged/');
