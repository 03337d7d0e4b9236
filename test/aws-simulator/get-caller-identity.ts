import type { Content } from './answer.ts';
import type { Call } from './call.ts';
import { verifySignature } from './signature.ts';

/** `GetCallerIdentity`: needs a true signature and no permission. */
export function getCallerIdentity(call: Call): Content {
  const { arn, userId, account } = verifySignature(call.wire, call.sessions, call.now);
  return { Arn: arn, UserId: userId, Account: account };
}
