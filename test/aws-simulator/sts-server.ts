import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Accounts } from './account.ts';
import { type Content, makeErrorXml, makeResultXml } from './answer.ts';
import { assumeRole } from './assume-role.ts';
import { assumeRoleWithWebIdentity } from './assume-role-with-web-identity.ts';
import type { Action } from './call.ts';
import { type CertificateAuthority, makeTlsOptions } from './certificate.ts';
import { type Fault, FaultScript, stsErrorOf } from './fault.ts';
import { getCallerIdentity } from './get-caller-identity.ts';
import { startLoopbackServer } from './loopback.ts';
import { Sessions } from './sessions.ts';
import type { WireRequest } from './signature.ts';
import { StsError } from './sts-error.ts';

/** A request to STS. */
export interface RecordedRequest {
  readonly at: Date;
  readonly action: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly userAgent: string;
  /** `pending` until an answer was sent, so always for a hang. */
  readonly outcome: Outcome;
}

/** How a request ended; `reason` is the real cause, which no answer shows. */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly reason: string }
  | { readonly kind: 'fault'; readonly fault: Fault };

export interface Sts {
  readonly url: string;
  /** The same service with TLS and a certificate for any host. */
  readonly tlsUrl: string;
  readonly tlsPort: number;
  /** Every request so far, in order. */
  readonly requests: readonly RecordedRequest[];
  readonly sessions: Sessions;
  fault(...faults: readonly Fault[]): void;
  clearFaults(): void;
  close(): Promise<void>;
}

export interface StsOptions {
  readonly accounts: Accounts;
  /** The real address of each issuer's discovery document, by issuer. */
  readonly discovery: ReadonlyMap<string, string>;
  /** Signs the certificates of the TLS port. */
  readonly authority: CertificateAuthority;
}

const actions: { readonly [name: string]: Action } = {
  AssumeRole: assumeRole,
  AssumeRoleWithWebIdentity: assumeRoleWithWebIdentity,
  GetCallerIdentity: getCallerIdentity,
};

/** A request in progress: its content, its time of arrival, and its fault if any. */
interface Visit {
  readonly wire: WireRequest;
  readonly parameters: ReadonlyMap<string, string>;
  readonly action: string;
  readonly fault: Fault | undefined;
  readonly now: Date;
  readonly requestId: string;
}

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

function makeRecord({ wire, parameters, action, now }: Visit): RecordedRequest & { outcome: Outcome } {
  const headers = Object.fromEntries(wire.headers);
  return {
    at: now,
    action,
    parameters: Object.fromEntries(parameters),
    headers,
    userAgent: headers['user-agent'] ?? '',
    outcome: { kind: 'pending' },
  };
}

function parametersOf(request: WireRequest): Map<string, string> {
  const query = request.target.split('?', 2)[1] ?? '';
  return new Map([...new URLSearchParams(query), ...new URLSearchParams(request.body)]);
}

function send(response: ServerResponse, answer: Answer, visit: Visit): void {
  const body = Buffer.from(answer.body);
  response.sendDate = false;
  response.writeHead(answer.status, {
    ...(answer.contentType === undefined ? {} : { 'content-type': answer.contentType }),
    'content-length': body.length,
    'x-amzn-requestid': visit.requestId,
    date: visit.now.toUTCString(),
  });
  if (visit.fault?.kind === 'break-off') {
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  } else {
    response.end(body);
  }
}

export async function startSts(options: StsOptions): Promise<Sts> {
  const { accounts, discovery } = options;
  const sessions = new Sessions(accounts);
  const faults = new FaultScript();
  const requests: RecordedRequest[] = [];

  async function perform({ action: name, parameters, wire, fault, now }: Visit): Promise<Content> {
    if (fault?.kind === 'error') throw stsErrorOf(fault.name, fault.message);
    const action = actions[name];
    if (action === undefined) {
      const version = parameters.get('Version') ?? '';
      throw new StsError('InvalidAction', 400, `Could not find operation ${name} for version ${version}`);
    }
    return action({ parameters, wire, accounts, sessions, discovery, now });
  }

  async function answerOf(visit: Visit): Promise<{ answer: Answer; outcome: Outcome }> {
    const contentType = 'text/xml';
    try {
      const body = makeResultXml(visit.action, await perform(visit), visit.requestId);
      return { answer: { status: 200, contentType, body }, outcome: { kind: 'accepted' } };
    } catch (error) {
      if (!(error instanceof StsError)) throw error;
      const { status, code, message, reason } = error;
      const body = makeErrorXml(error, visit.requestId);
      return { answer: { status, contentType, body }, outcome: { kind: 'refused', code, message, reason } };
    }
  }

  async function receive(request: IncomingMessage): Promise<Visit> {
    const at = Date.now();
    const wire = await readRequest(request);
    const parameters = parametersOf(wire);
    const action = parameters.get('Action') ?? '';
    const fault = faults.take(action);
    const now = new Date(at + (fault?.kind === 'clock' ? fault.seconds * 1000 : 0));
    return { wire, parameters, action, fault, now, requestId: randomUUID() };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const visit = await receive(request);
    const { fault } = visit;
    const record = makeRecord(visit);
    requests.push(record);
    if (fault?.kind === 'hang') return;
    if (fault?.kind === 'break-off' && fault.when === 'before') {
      record.outcome = { kind: 'fault', fault };
      response.destroy();
      return;
    }
    if (fault?.kind === 'body') {
      record.outcome = { kind: 'fault', fault };
      send(response, { contentType: undefined, ...fault }, visit);
      return;
    }
    if (fault?.kind === 'delay') await sleep(fault.milliseconds);
    const { answer, outcome } = await answerOf(visit);
    record.outcome = outcome;
    send(response, answer, visit);
  }

  const listener = (request: IncomingMessage, response: ServerResponse) => {
    serve(request, response).catch((error: unknown) => {
      // The client disconnected, or this server has a bug: STS would answer neither.
      if (!request.destroyed) console.error('the local STS failed:', error);
      response.destroy();
    });
  };
  const plain = await startLoopbackServer(listener);
  const secure = await startLoopbackServer(listener, makeTlsOptions(options.authority));

  return {
    url: plain.url,
    tlsUrl: secure.url,
    tlsPort: secure.port,
    requests,
    sessions,
    fault: (...wanted) => faults.add(...wanted),
    clearFaults: () => faults.clear(),
    close: async () => {
      await Promise.all([plain.close(), secure.close()]);
    },
  };
}
