/**
 * The same text with each decimal digit of any script in ASCII, and without marks of format, such as
 * those of direction. Other characters in their compatibility form (NFKC).
 */
export function withAsciiDigits(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(valueOf(digit)))
}

// Unicode has the ten digits of a script in a row (The Unicode Standard, section 4.6), and sometimes
// those of two, as in Myanmar Extended-C.
function valueOf(digit: string): number {
  const code = digit.codePointAt(0) ?? 0
  let before = 0
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1
  return before % 10
}
