import { type Demo, startDemo } from './demo.ts'

/** Starts the demo, prints its URLs, and stops it on Ctrl+C. */
async function main(): Promise<void> {
  const demo = await startDemo(process.env, (line) => console.log(line))
  // npm forwards a Ctrl+C that the terminal also sends, so the signal arrives twice.
  let stopping: Promise<void> | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      stopping ??= stop(demo)
    })
  }
  console.log(`app ${demo.appUrl}`)
  if (demo.emulator) {
    console.log(`inbox ${demo.emulator.inboxUrl}`)
    console.log(
      '\nOpen the app, enter any email address, and open the link in the inbox. Ctrl+C stops both.',
    )
  } else {
    console.log('\nOpen the app and enter your email address. Ctrl+C stops it.')
  }
}

async function stop(demo: Demo): Promise<void> {
  await demo.close()
  process.exit(0)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
