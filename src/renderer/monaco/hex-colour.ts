/** Monaco's themes take hex colours only; tokens may also say `rgb(…)`, which the build may shorten to hex again. */
export function hexColour(value: string): string | null {
  if (/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/i.test(value)) return value;
  if (/^#[0-9a-f]{3,4}$/i.test(value)) return value.replaceAll(/[0-9a-f]/gi, (digit) => digit + digit);
  const parts = /^rgb\((\d+)[ ,]+(\d+)[ ,]+(\d+)(?:\s*\/\s*(\d+)%)?\)$/.exec(value);
  if (!parts) return null;
  const byte = (number: number): string => Math.round(number).toString(16).padStart(2, '0');
  const alpha = parts[4] === undefined ? '' : byte((Number(parts[4]) / 100) * 255);
  return `#${byte(Number(parts[1]))}${byte(Number(parts[2]))}${byte(Number(parts[3]))}${alpha}`;
}
