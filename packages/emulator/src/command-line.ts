/**
 * What `spawn` gets for a command. On Windows, npm and npx are scripts that only a shell can start, and for
 * a shell `spawn` joins the arguments as they are, so that one with a space in it would become two.
 */
export function commandLine(
  command: string,
  args: readonly string[],
  platform: NodeJS.Platform,
): [command: string, args: readonly string[], options: { shell: boolean }] {
  if (platform !== 'win32') return [command, args, { shell: false }]
  return [[command, ...args].map(quoted).join(' '), [], { shell: true }]
}

// For cmd.exe, and for the program, which reads `\"` as a quotation mark and `""` in quotation marks as well.
function quoted(text: string): string {
  if (/^[\w.:@/\\=-]+$/.test(text)) return text
  return `"${text.replaceAll('"', '""').replace(/\\+$/, '$&$&')}"`
}
