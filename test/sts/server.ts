import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accounts } from './account.ts';
import { makeErrorXml, makeResultXml } from './answer.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import type { Action } from './call.ts';
import { type Fault, FaultScript, refusalOf } from './fault.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { type ServerCertificate, startLoopbackServer } from './loopback.ts';
import { Refusal } from './refusal.ts';
import { Sessions } from './sessions.ts';
import type { WireRequest } from './signature.ts';

/** One request that STS saw. */
export interface RecordedRequest {
  readonly at: Date;
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  /** `pending` for as long as no answer went out: a hang stays so. */
  readonly outcome: Outcome;
}

/** How a request ended; `reason` is the true one, which no answer tells. */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** A security token service on loopback. */
export interface Sts {
  readonly url: string;
  readonly port: number;
  /** Every request so far, in the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  readonly sessions: Sessions;
  fault(...faults: readonly Fault[]): void;
  clearFaults(): void;
  close(): Promise<void>;
}

/** What an STS answers for, and how. */
export interface StsOptions {
  readonly accounts: Accounts;
  /** Where each issuer's discovery document is really served, by issuer. */
  readonly discovery: ReadonlyMap<string, string>;
  /** With one, STS speaks TLS. */
  readonly certificate?: ServerCertificate;
}

const actions: { readonly [name: string]: Action } = {
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  GetCallerIdentity: getCallerIdentity,
};

interface Answer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: string;
}

async function readRequest(request: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const headers = Object.entries(request.headersDistinct).map(
    ([name, values]) => [name, (values ?? []).join(',')] as const,
  );
  return {
    method: request.method ?? '',
    target: request.url ?? '',
    headers: new Map(headers),
    body: Buffer.concat(chunks).toString(),
  };
}

function parametersOf(request: WireRequest): Map<string, string> {
  const query = request.target.split('?', 2)[1] ?? '';
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(request.body)]);
}

/** Starts STS. */
export async function startSts(options: StsOptions): Promise<Sts> {
  const sessions = new Sessions(options.accounts);
  const faults = new FaultScript();
  const requests: RecordedRequest[] = [];

  async function perform(wire: WireRequest, parameters: Map<string, string>, now: Date): Promise<string> {
    const name = parameters.get('Action') ?? '';
    const action = actions[name];
    if (action === undefined) {
      const version = parameters.get('Version') ?? '';
      throw new Refusal('InvalidAction', 400, `Could not find operation ${name} for version ${version}`);
    }
    const { accounts, discovery } = options;
    const result = await action({ parameters, wire, accounts, sessions, discovery, now });
    return makeResultXml(name, result, randomUUID());
  }

  async function answer(wire: WireRequest, parameters: Map<string, string>, fault: Fault | undefined, now: Date) {
    try {
      if (fault?.kind === 'error') throw refusalOf(fault.name, fault.message);
      const body = await perform(wire, parameters, now);
      return { answer: { status: 200, contentType: 'text/xml', body }, outcome: { kind: 'accepted' } } as const;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, code, message, reason } = error;
      const body = makeErrorXml(error, randomUUID());
      return {
        answer: { status, contentType: 'text/xml', body },
        outcome: { kind: 'refused', code, message, reason },
      } as const;
    }
  }

  function send(response: ServerResponse, given: Answer, fault: Fault | undefined, now: Date): void {
    const body = Buffer.from(given.body);
    response.sendDate = false;
    response.writeHead(given.status, {
      ...(given.contentType === undefined ? {} : { 'content-type': given.contentType }),
      'content-length': body.length,
      'x-amzn-requestid': randomUUID(),
      date: now.toUTCString(),
    });
    if (fault?.kind !== 'break-off') {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = new Date();
    const wire = await readRequest(request);
    const parameters = parametersOf(wire);
    const action = parameters.get('Action') ?? '';
    const fault = faults.take(action);
    const headers = Object.fromEntries(wire.headers);
    const record = {
      at,
      action,
      parameters: Object.fromEntries(parameters),
      headers,
      userAgent: headers['user-agent'] ?? '',
      outcome: { kind: 'pending' } as Outcome,
    };
    requests.push(record);

    const now = new Date(at.getTime() + (fault?.kind === 'clock' ? fault.seconds * 1000 : 0));
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'break-off' && fault.when === 'before') {
      record.outcome = { kind: 'fault', fault };
      response.destroy();
      return;
    }
    if (fault?.kind === 'body') {
      record.outcome = { kind: 'fault', fault };
      send(response, { status: fault.status, contentType: fault.contentType, body: fault.body }, fault, now);
      return;
    }
    if (fault?.kind === 'delay') await sleep(fault.milliseconds);
    const { answer: given, outcome } = await answer(wire, parameters, fault, now);
    record.outcome = outcome;
    send(response, given, fault, now);
  }

  const { url, port, close } = await startLoopbackServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      // A bug of this server, not a refusal: it must not look like anything STS would say.
      console.error('the local STS failed:', error);
      response.destroy();
    });
  }, options.certificate);

  return {
    url,
    port,
    requests,
    sessions,
    fault: (...wanted) => faults.add(...wanted),
    clearFaults: () => faults.clear(),
    close,
  };
}
