/** A path with the person's home folder as `~`, as shells write it. */
export function shortPath(path: string, homeFolder: string | null): string {
  if (!homeFolder || !path.startsWith(homeFolder)) return path;
  const rest = path.slice(homeFolder.length);
  return rest === '' || rest.startsWith('/') || rest.startsWith('\\') ? `~${rest}` : path;
}
