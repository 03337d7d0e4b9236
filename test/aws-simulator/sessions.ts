import { createHash, randomBytes } from 'node:crypto';
import type { Accounts, Role } from './account.ts';
import { roleArnPartsOf } from './arn.ts';

/** Keys that STS knows, and their owner. */
export interface Identity {
  readonly arn: string;
  readonly userId: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Set for a role's session, undefined for a user's long-term keys. */
  readonly session?: SessionFacts;
}

export interface SessionFacts {
  readonly token: string;
  readonly expiration: Date;
  readonly roleArn: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
}

export type SessionOrder = Omit<SessionFacts, 'token' | 'roleArn'> & {
  readonly role: Role;
  readonly sessionName: string;
};

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function makeId(prefix: string, bytes: Buffer): string {
  return prefix + [...bytes.subarray(0, 16)].map((byte) => alphabet.charAt(byte % 32)).join('');
}

/** The sessions of one STS, and the users of its accounts. */
export class Sessions {
  /** Seconds after which every session ends, for tests of renewal. */
  longest = Number.POSITIVE_INFINITY;
  readonly #accounts: Accounts;
  readonly #identities = new Map<string, Identity>();

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** The keys of every session so far, in order. */
  get issued(): readonly Identity[] {
    return [...this.#identities.values()];
  }

  /** Creates keys for a session of a role and stores them. */
  issue(order: SessionOrder): Identity & { readonly session: SessionFacts } {
    const { role, sessionName, ...facts } = order;
    const expiration = new Date(Math.min(facts.expiration.getTime(), Date.now() + this.longest * 1000));
    const { partition = '', account = '', name = '' } = roleArnPartsOf(role.arn) ?? {};
    const roleId = makeId('AROA', createHash('sha256').update(role.arn).digest());
    const identity = {
      arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`,
      userId: `${roleId}:${sessionName}`,
      account,
      accessKeyId: makeId('ASIA', randomBytes(16)),
      secretAccessKey: randomBytes(30).toString('base64'),
      session: { ...facts, expiration, roleArn: role.arn, token: randomBytes(300).toString('base64') },
    };
    this.#identities.set(identity.accessKeyId, identity);
    return identity;
  }

  /** Returns the owner of a key; undefined for an unknown key. */
  identityOf(accessKeyId: string): Identity | undefined {
    const issued = this.#identities.get(accessKeyId);
    if (issued !== undefined) return issued;
    const user = this.#accounts.users.find((candidate) => candidate.accessKeyId === accessKeyId);
    if (user === undefined) return undefined;
    const userId = makeId('AIDA', createHash('sha256').update(user.arn).digest());
    return { ...user, userId, account: user.arn.split(':')[4] ?? '' };
  }
}
