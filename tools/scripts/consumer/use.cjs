// CommonJS applications load the same files with require().
const assert = require('node:assert/strict')

for (const name of ['@linkpass/core', '@linkpass/web', '@linkpass/express', '@linkpass/emulator']) {
  assert.ok(Object.keys(require(name)).length > 0, name)
}
