// `npm run build`: compiles every published package into its dist/.
import { build, publishedPackages } from './packages.mjs'

await build()
console.log(
  `Built ${publishedPackages()
    .map(({ name }) => name)
    .join(', ')}.`,
)
