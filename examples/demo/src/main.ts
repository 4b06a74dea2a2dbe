import { type Demo, startDemo } from './demo.ts'

/** Starts the demo, says where it is, and ends it on Ctrl+C. */
async function main(): Promise<void> {
  const demo = await startDemo(process.env, (line) => console.log(line))
  // npm passes on a Ctrl+C that the terminal has sent already, so it comes twice.
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
      '\nOpen the app, type any address, and find your link in the inbox. Ctrl+C ends both.',
    )
  } else {
    console.log('\nOpen the app and type your address. Ctrl+C ends it.')
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
