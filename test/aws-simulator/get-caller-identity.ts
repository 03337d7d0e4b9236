import type { Content } from './answer.ts';
import type { Call } from './call.ts';
import { verifySignature } from './signature.ts';

/** Handles `GetCallerIdentity`: needs a valid signature and no permission. */
export function getCallerIdentity(call: Call): Content {
  const { arn, userId, account } = verifySignature(call.wire, call.sessions, call.now);
  return { Arn: arn, UserId: userId, Account: account };
}
