import { features, hasFeature, versionName, type ProtocolVersion } from '#main/ptyhost/protocol.ts';

/** What the person is told of hosts that are not of this version: of ours, if it is older, and of the others that run. */
export function hostNotices(
  own: ProtocolVersion | undefined,
  others: readonly { protocol: ProtocolVersion; terminals: readonly { isRunning: boolean }[] }[],
): readonly string[] {
  return [
    ...(own && isOlder(own) ? [olderHostInWords(own)] : []),
    ...others.flatMap(({ protocol, terminals }) =>
      otherHostInWords(protocol, terminals.filter(({ isRunning }) => isRunning).length),
    ),
  ];
}

/** Whether it lacks something that a host of today has. */
const isOlder = (host: ProtocolVersion): boolean => lacking(host).length > 0;

const lacking = (host: ProtocolVersion): readonly string[] =>
  Object.entries(features).flatMap(([name, { without }]) =>
    hasFeature(host, name as keyof typeof features) ? [] : without,
  );

/** What a person misses with an older host, and how it goes. */
function olderHostInWords(host: ProtocolVersion): string {
  return `The terminal host that runs is of an older version (protocol ${versionName(host)}). Agents go on in it. It cannot ${lacking(host).join(', nor ')}; a newer one takes its place when Switchyard is closed and nothing runs in it.`;
}

/** What runs in a host that only another version of the app can speak with; nothing where nothing does. */
function otherHostInWords(host: ProtocolVersion, count: number): readonly string[] {
  if (count === 0) return [];
  const what = count === 1 ? 'One agent runs' : `${String(count)} agents run`;
  const where = `in the terminal host of another version of Switchyard (protocol ${versionName(host)})`;
  return [
    `${what} ${where}, and can be watched with that version. Nothing ends them; new agents start beside them. That host leaves by itself when nothing runs in it.`,
  ];
}
