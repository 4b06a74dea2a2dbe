/**
 * Ends with code 0 where npm's scripts run in a shell with `exec`. With it the program replaces the
 * shell and receives the signals that npm passes on; `cmd.exe` does not have it.
 */
process.exitCode = process.platform === 'win32' ? 1 : 0
