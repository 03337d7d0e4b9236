import { onTestFinished } from 'vitest';
import type { LocalAws } from '../aws-simulator/aws.ts';
import { makeTlsOptions } from '../aws-simulator/certificate.ts';
import { startLoopbackServer } from '../aws-simulator/loopback.ts';
import { isStsHost, startProxy } from '../aws-simulator/proxy.ts';

/** Returns another answer for a path; undefined for the issuer's own. */
export type IssuerAnswers = (path: string) => { readonly status: number; readonly body: string } | undefined;

/**
 * Serves the issuer over TLS under its own name, `https://acme.semaphoreci.com`. Returns the
 * variables that lead to it and to STS: a proxy and the authority to trust.
 */
export async function publishIssuer(
  aws: LocalAws,
  answers: IssuerAnswers = () => undefined,
): Promise<Record<string, string>> {
  const server = await startLoopbackServer((request, response) => {
    const path = request.url ?? '';
    const other = answers(path);
    if (other !== undefined) {
      response.writeHead(other.status).end(other.body);
      return;
    }
    fetch(`${aws.issuer.url}${path}`)
      .then(async (answer) => response.writeHead(answer.status).end(await answer.text()))
      .catch(() => response.destroy());
  }, makeTlsOptions(aws.authority));
  const stsPort = Number(new URL(aws.tlsUrl).port);
  const proxy = await startProxy({
    portOf: (host, port) => {
      if (host === 'acme.semaphoreci.com') return server.port;
      return isStsHost(host) && port === 443 ? stsPort : undefined;
    },
  });
  onTestFinished(async () => {
    await Promise.all([proxy.close(), server.close()]);
  });
  return { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: aws.authorityFile };
}
