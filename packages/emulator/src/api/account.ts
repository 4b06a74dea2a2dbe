import { userAnswer } from './answers.ts'
import { type Answer, type Call, requireRefreshToken } from './call.ts'

/** `GET /v1/auth/me` (contract 2.4.4). */
export async function me(call: Call): Promise<Answer> {
  const { user } = await requireRefreshToken(call)
  return { body: userAnswer(call.world, user) }
}
