import { StepFailedError, walkJourney } from './journey.ts'

try {
  for await (const { number, title, files, cameBack } of walkJourney()) {
    console.log(`${number}. ${title}`)
    console.log(`   through   ${files.join(' → ')}`)
    console.log(`   came back ${cameBack}\n`)
  }
  console.log('Signed in, and still signed in an hour later.')
} catch (error) {
  if (!(error instanceof StepFailedError)) throw error
  console.error(error.message)
  console.error(error.cause)
  process.exitCode = 1
}
