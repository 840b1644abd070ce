/** A cursor key as another program wants it: those that asked for application mode get another introducer. */
export const inCursorMode = (data: string, application: boolean): string =>
  // oxlint-disable-next-line no-control-regex -- an escape sequence is what this is about
  data.replace(/^\x1b[O[]([ABCDFH])$/, (_all, key: string) => `\x1b${application ? 'O' : '['}${key}`);
