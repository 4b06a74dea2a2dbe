/**
 * Ends well where the shell that runs npm's scripts can put a program in its own place. `exec` lets
 * the program hear the signals that npm passes on; `cmd.exe` has none, and would say so.
 */
process.exitCode = process.platform === 'win32' ? 1 : 0
