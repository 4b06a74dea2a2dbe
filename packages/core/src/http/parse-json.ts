/** The value of a JSON text; undefined when it is not JSON. The parser's error quotes it, so it is dropped. */
export function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    return undefined
  }
}
