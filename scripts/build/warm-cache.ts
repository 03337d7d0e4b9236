import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import type * as Client from '../../src/sts/aws-sdk.ts';

// node warm-cache.ts SCRIPT CACHE: writes V8's cache of the STS client after it has been used. V8 compiles a function when it is first
// called, and only what is compiled is in the cache: so both ways a login can go are gone once, against a server on loopback.

const [, , scriptPath, cachePath] = process.argv;
if (scriptPath === undefined || cachePath === undefined) throw new Error('Usage: warm-cache.ts SCRIPT CACHE');

const GRANTED = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleWithWebIdentityResult>
    <Audience>https://example.test</Audience>
    <AssumedRoleUser>
      <AssumedRoleId>AROAEXAMPLE:warm</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/example/warm</Arn>
    </AssumedRoleUser>
    <Provider>arn:aws:iam::123456789012:oidc-provider/example.test</Provider>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>example</SecretAccessKey>
      <SessionToken>example</SessionToken>
      <Expiration>2030-01-01T00:00:00Z</Expiration>
    </Credentials>
    <SubjectFromWebIdentityToken>example</SubjectFromWebIdentityToken>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`;

const REFUSED = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized</Message></Error>
  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
</ErrorResponse>`;

const script = new Script(readFileSync(scriptPath, 'latin1'), { filename: 'sts-client.cjs' });
const module: { exports: unknown } = { exports: {} };
script.runInThisContext()(module, createRequire(import.meta.url));
const client = module.exports as typeof Client; // the script is made from just this module

const answers = [
  { status: 200, body: GRANTED },
  { status: 403, body: REFUSED },
];
const server = createServer((request, response) => {
  const { status, body } = answers.shift() ?? { status: 500, body: '' };
  request.resume().on('end', () => response.writeHead(status, { 'content-type': 'text/xml' }).end(body));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();
const port = typeof address === 'object' ? address?.port : undefined;

for (const expected of ['granted', 'refused']) {
  const { kind } = await client.assumeRoleWithWebIdentity(
    {
      roleArn: 'arn:aws:iam::123456789012:role/example',
      sessionName: 'warm',
      token: 'e30.e30.e30',
      endpoint: { url: `http://127.0.0.1:${port}`, signingRegion: 'us-east-1', isAws: false },
      timeout: 30_000,
    },
    { proxy: undefined, trustedRoots: undefined, version: '0.0.0' },
  );
  if (kind !== expected) throw new Error(`The STS client says ${kind} where ${expected} was right`);
}
server.close();
writeFileSync(cachePath, script.createCachedData());
