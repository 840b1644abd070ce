/**
 * What the plugins of ours have in common, as source text: they run within an agent, in its own JavaScript, and find the
 * pty host by the variables that are set for a terminal of ours. Without those they do nothing. The token is taken out of
 * the environment, so that an agent which this one starts does not report in its name.
 */
export const reportSender = `
import { connect } from 'node:net';

const here = (globalThis.switchyardReports ??= {
  address: process.env.SWITCHYARD_REPORTS,
  token: process.env.SWITCHYARD_REPORT_TOKEN,
  queue: Promise.resolve(),
});
delete process.env.SWITCHYARD_REPORT_TOKEN;

const line = (value) =>
  typeof value === 'string' && value.trim() !== ''
    ? value.slice(0, 1600).replace(/[\\p{Cc}\\p{Cs}\\s]+/gu, ' ').trim().slice(0, 400)
    : null;

/** In the order of the calls; never throws, never waits for longer than a second and a half. */
function report(fields) {
  if (!here.address || !here.token) return;
  const texts = { type: null, session: null, agent: null, tool: null, subject: null, message: null };
  for (const name of Object.keys(texts)) texts[name] = line(fields[name]);
  const text = JSON.stringify({ token: here.token, report: { event: fields.event, ...texts } }) + '\\n';
  here.queue = here.queue.then(
    () =>
      new Promise((done) => {
        const socket = connect(here.address);
        const end = () => {
          clearTimeout(timer);
          socket.destroy();
          done();
        };
        const timer = setTimeout(end, 1500);
        socket.on('error', end);
        socket.on('close', end);
        socket.end(text);
      }),
  );
}

/** What a tool is used on. */
const subjectOf = (input) =>
  input?.command ?? input?.filePath ?? input?.file_path ?? input?.path ?? input?.pattern ?? input?.url ?? input?.description;
`;
