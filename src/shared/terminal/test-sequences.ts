// What a hostile or broken program might print: a corpus of costly sequences, and random ones that a seed repeats.

export interface Random {
  /** From 0 to 1, without 1. */
  next(): number;
  /** A whole number from 0 to `end`, without `end`. */
  below(end: number): number;
  pick<T>(values: readonly T[]): T;
}

/** Mulberry32: the same numbers in every run of a seed. */
export function seeded(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (end: number): number => Math.floor(next() * end);
  const pick = <T>(values: readonly T[]): T => {
    const value = values[below(values.length)];
    if (value === undefined) throw new Error('nothing to pick from');
    return value;
  };
  return { next, below, pick };
}

const esc = '\x1b';
const huge = '2147483647';

/** Output that costs a terminal far more than it is long, by name. Up to 20 MB each. */
export const costlyOutput: Readonly<Record<string, () => string>> = {
  'REP 1e6': () => `A${esc}[1000000b`,
  'REP 1e8': () => `A${esc}[100000000b`,
  'REP 2^31-1': () => `A${esc}[${huge}b`,
  ICH: () => `A${esc}[${huge}@`,
  DCH: () => `A${esc}[${huge}P`,
  IL: () => `A${esc}[${huge}L`,
  DL: () => `A${esc}[${huge}M`,
  SU: () => `A${esc}[${huge}S`,
  SD: () => `A${esc}[${huge}T`,
  ECH: () => `A${esc}[${huge}X`,
  CHT: () => `A${esc}[${huge}I`,
  CBT: () => `A${esc}[${huge}Z`,
  CUD: () => `A${esc}[${huge}B`,
  VPR: () => `A${esc}[${huge}e`,
  SL: () => `A${esc}[${huge} @`,
  SR: () => `A${esc}[${huge} A`,
  DECIC: () => `A${esc}[${huge}'}`,
  DECDC: () => `A${esc}[${huge}'~`,
  'line feeds in a scroll region × 1e5': () => `${esc}[1;2r${'\n'.repeat(1e5)}`,
  'OSC 20 MB, unfinished': () => `${esc}]0;${'A'.repeat(20e6)}`,
  'title 9 MB': () => `${esc}]0;${'A'.repeat(9e6)}\x07`,
  'DCS 20 MB': () => `${esc}P+q${'41'.repeat(10e6)}${esc}\\`,
  'SGR with 1e6 numbers': () => `${esc}[${'1;'.repeat(1e6)}m`,
  'combining × 1e5': () => `a${'\u0301'.repeat(1e5)}`,
  'combining × 1e6': () => `a${'\u0301'.repeat(1e6)}`,
  'one line of 20 MB': () => 'x'.repeat(20e6),
  'links × 1e5': () => Array.from({ length: 1e5 }, (_, i) => `${esc}]8;;http://h/${String(i)}\x07x`).join(''),
  'titles × 1e6': () => `${esc}]0;t\x07`.repeat(1e6),
  'RIS × 1e5': () => `${esc}c`.repeat(1e5),
  'alternate screen × 1e5': () => `${esc}[?1049h${esc}[?1049l`.repeat(1e5),
  'bell × 1e6': () => '\x07'.repeat(1e6),
  'DA1 × 1e5': () => `${esc}[c`.repeat(1e5),
  'DECALN × 1e5': () => `${esc}#8`.repeat(1e5),
};

const numbers = ['', '0', '1', '2', '3', '7', '24', '80', '255', '999', '1000', '9999', '65536', huge, '-1', '4:3'];
const privateModes = [1, 3, 5, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004];
const finals = Array.from({ length: 0x3f }, (_, i) => String.fromCharCode(0x40 + i));
const words = [
  'word',
  ' ',
  'x'.repeat(30),
  'é',
  '日本語',
  '👩‍👩‍👧',
  '🇨🇭',
  '👍🏽',
  'e\u0301',
  '\u0301',
  '\u200d',
  '각',
  'ᄀ',
  '✌️',
  '\u00ad',
];
const controls = [
  '\r',
  '\n',
  '\r\n',
  '\b',
  '\t',
  '\x07',
  '\x00',
  '\x0e',
  '\x0f',
  '\x18',
  '\x7f',
  '\x84',
  '\x85',
  '\x8d',
];

function csi(random: Random): string {
  const count = random.below(4);
  const parameters = Array.from({ length: count }, () => random.pick(numbers)).join(';');
  const prefix = random.pick(['', '', '', '?', '>', '=']);
  const intermediate = random.pick(['', '', '', ' ', '!', '$', '"', "'"]);
  return `${random.pick([`${esc}[`, `${esc}[`, `${esc}[`, '\x9b'])}${prefix}${parameters}${intermediate}${random.pick(finals)}`;
}

function colour(random: Random): string {
  const codes = ['0', '1', '4', '4:3', '7', '31', '48;5;20', '38;2;1;2;3', '58;5;9', '48;2;9;8;7'];
  return `${esc}[${random.pick(codes)}m`;
}

function text(random: Random): string {
  const begin = random.pick([`${esc}]`, `${esc}P`, `${esc}_`, `${esc}^`, `${esc}X`, '\x9d', '\x90', '\x9e']);
  const number = random.pick([
    '0;',
    '2;',
    '4;1;?',
    '8;;http://a.example/',
    '8;id=1;http://b.example/',
    '8;;',
    '9;',
    '52;c;',
  ]);
  const end = random.pick(['\x07', `${esc}\\`, '\x9c', '\x18', '', esc]);
  return `${begin}${number}${random.pick(words)}${end}`;
}

const kinds: readonly ((random: Random) => string)[] = [
  csi,
  csi,
  colour,
  text,
  (random) => random.pick(words),
  (random) => random.pick(words),
  (random) => random.pick(controls),
  (random) => `${esc}[?${String(random.pick(privateModes))}${random.pick(['h', 'l'])}`,
  (random) => `${esc}[${String(1 + random.below(30))};${String(1 + random.below(90))}H`,
  (random) => `${esc}${random.pick(['7', '8', 'D', 'E', 'M', 'H', '=', '>', '(0', '(B', '#8', 'n', 'o', '|', '%G'])}`,
  (random) => String.fromCharCode(random.below(260)),
];

/** Random output that knows what terminals understand, of about so many characters. */
export function randomOutput(random: Random, chars: number): string {
  let output = '';
  while (output.length < chars) output += random.pick(kinds)(random);
  return output;
}

/** A sequence of at most 64 bytes, often of the same costly piece again and again. */
export function shortSequence(random: Random): string {
  const piece = random.pick(kinds)(random);
  const repeated = random.below(2) === 0 ? piece.repeat(Math.max(1, Math.floor(64 / Math.max(1, piece.length)))) : '';
  let output = repeated === '' ? randomOutput(random, 40) : repeated;
  while (bytesOf(output) > 64) output = output.slice(0, -1);
  return output;
}

const bytesOf = (text: string): number =>
  Array.from(text, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }).reduce((sum, bytes) => sum + bytes, 0);
