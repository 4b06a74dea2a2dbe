/** The value of the first non-empty cookie of that name in a list of Set-Cookie lines. */
export function cookieFrom(lines: readonly string[], name: string): string | undefined {
  const prefix = `${name}=`
  for (const line of lines) {
    const pair = line.trimStart()
    if (!pair.startsWith(prefix)) continue
    const end = pair.indexOf(';')
    const value = pair.slice(prefix.length, end === -1 ? undefined : end).trim()
    // RFC 6265 section 4.1.1 lets a value be quoted.
    const bare = value.length > 1 && value.startsWith('"') && value.endsWith('"')
    const text = bare ? value.slice(1, -1) : value
    if (text !== '') return text
  }
  return undefined
}
