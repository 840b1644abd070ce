/**
 * The longest payload of a string sequence that goes on. Titles and links are far shorter; what a program puts on the
 * clipboard (OSC 52) may be a page or two of text in base64. Images, which are not shown here, are megabytes.
 */
export const longestString = 400_000;
/** More resets than this in one piece of output are no program's way of clearing its screen. */
const mostResets = 8;

const reset = '\x1bc';
const cancel = '\x18';
/** There and back: a second time, with nothing in between, changes nothing, and each builds a screen of lines. */
const alternateVisit = '\x1b[?1049h\x1b[?1049l';
const alternateVisits = new RegExp(`(?:${alternateVisit.replaceAll(/[[?]/g, '\\$&')}){2,}`, 'g');
/** ESC, control characters that are obeyed in between, and the second half of what begins a string. Or both in one. */
// oxlint-disable-next-line no-control-regex -- control characters are what this is about
const stringBegin = /\x1b[\x00-\x17\x19\x1c-\x1f\x7f]*[\]PX^_]|[\x90\x98\x9d-\x9f]/g;
// oxlint-disable-next-line no-control-regex -- as above
const openEscape = /\x1b[\x00-\x17\x19\x1c-\x1f\x7f]*$/;
// oxlint-disable-next-line no-control-regex -- as above
const endsOsc = /[\x07\x18\x1a\x1b\x80-\x9f]/g;
// oxlint-disable-next-line no-control-regex -- as above
const endsDevice = /[\x18\x1a\x1b\x80-\x9f]/g;
/** What stands before the payload of a DCS, up to its final character or to what has no place there. */
// oxlint-disable-next-line no-control-regex -- as above
const endsDeviceHeader = /[\x18\x1a\x1b@-~\x80-\uffff]/g;
/** xterm.js leaves these three at any character beyond ASCII, and shows what follows as text. */
// oxlint-disable-next-line no-control-regex -- as above
const endsOther = /[\x18\x1a\x1b\x80-\uffff]/g;

/**
 * Takes out of a stream of output what a terminal would only waste time and memory on: the payload of a string sequence
 * (OSC, DCS, APC, PM, SOS) beyond what any program means, and what is printed between resets of the whole screen that
 * follow each other closely. Everything else goes through unchanged. The parser of xterm.js copies each string several
 * times: 20 MB of an unfinished one took it 400 MB.
 */
export class OutputBounds {
  /** What ends the string that the stream is in; null outside of one. */
  #ends: RegExp | null = null;
  #payload = 0;
  #isDropping = false;
  /** The stream broke off behind an ESC: the next character may begin a string. */
  #afterEscape = false;

  pass(output: string): string {
    const text = withoutVisits(withoutResets(output));
    // Nearly all output is outside of strings.
    if (this.#ends === null && !this.#afterEscape && text.search(stringBegin) < 0) {
      this.#afterEscape = openEscape.test(text);
      return text;
    }
    return this.#bound(text);
  }

  #bound(text: string): string {
    let kept = '';
    let at = 0;
    if (this.#afterEscape && this.#ends === null) {
      // The ESC has gone on already; seen together with it, this begins as a string does or does not.
      // oxlint-disable-next-line no-control-regex -- as above
      const [begin] = /^[\x00-\x17\x19\x1c-\x1f\x7f]*[\]PX^_]/.exec(text) ?? [];
      if (begin !== undefined) {
        this.#enter(begin.at(-1));
        at = begin.length;
        kept = begin;
      }
    }
    while (at < text.length) {
      if (this.#ends === null) {
        stringBegin.lastIndex = at;
        const begin = stringBegin.exec(text);
        const to = begin ? stringBegin.lastIndex : text.length;
        kept += text.slice(at, to);
        at = to;
        if (begin) this.#enter(begin[0].at(-1));
        continue;
      }
      this.#ends.lastIndex = at;
      const end = this.#ends.exec(text)?.index ?? text.length;
      kept += this.#payloadOf(text, at, end);
      at = end;
      if (end === text.length) break;
      if (this.#ends === endsDeviceHeader && /[@-~]/.test(text.charAt(end))) {
        this.#ends = endsDevice;
        continue;
      }
      // What ends it may begin another sequence, so it is looked at again outside. BEL alone would be heard.
      if (this.#isDropping && text.charAt(end) === '\x07') at++;
      else if (text.charAt(end) === '\x07') kept += text.charAt(at++);
      this.#ends = null;
      this.#isDropping = false;
    }
    this.#afterEscape = this.#ends === null && openEscape.test(text);
    return kept;
  }

  #payloadOf(text: string, from: number, to: number): string {
    if (this.#isDropping) return '';
    this.#payload += to - from;
    if (this.#payload <= longestString) return text.slice(from, to);
    // Cut off it would mean something else: it is called off as a whole.
    this.#isDropping = true;
    return cancel;
  }

  #enter(begin: string | undefined): void {
    if (begin === ']' || begin === '\x9d') this.#ends = endsOsc;
    else this.#ends = begin === 'P' || begin === '\x90' ? endsDeviceHeader : endsOther;
    this.#payload = 0;
    this.#isDropping = false;
  }
}

/** RIS leaves nothing of what came before, neither on the screen nor above it, and each one builds the screen anew. */
function withoutResets(output: string): string {
  let resets = 0;
  for (let at = output.indexOf(reset); at >= 0 && resets <= mostResets; at = output.indexOf(reset, at + 1)) resets++;
  return resets > mostResets ? output.slice(output.lastIndexOf(reset)) : output;
}

function withoutVisits(output: string): string {
  return output.includes(alternateVisit + alternateVisit) ? output.replace(alternateVisits, alternateVisit) : output;
}
