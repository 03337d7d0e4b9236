import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FROM_CACHE, FROM_SLIM, prepareFromNothing } from './bench/from-nothing.ts';
import { type Cost, measure, type Row } from './bench/measure.ts';
import { root } from './build/bundle.ts';
import { granted } from './build/sts-answers.ts';

// npm run bench [turns]: the cost of a login, beside an empty Node and the recipe that it replaces.
// Ratios are comparable between machines. There are no limits: a slow machine is not a failure.

const server = createServer((request, response) => {
  request.resume().on('end', () => response.writeHead(200, { 'content-type': 'text/xml' }).end(granted));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const address = server.address();

const directory = mkdtempSync(join(tmpdir(), 'sem-aws-login-bench-'));
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = Math.floor(Date.now() / 1000);
const claims = { iss: 'https://example.test', aud: 'https://example.test', iat: now, exp: now + 86_400 };
const environment = {
  PATH: '/usr/bin:/bin',
  HOME: join(directory, 'home'),
  SEMAPHORE_JOB_ID: '00000000-0000-4000-8000-000000000000',
  SEMAPHORE_OIDC_TOKEN: `${encoded({ alg: 'RS256', kid: '0' })}.${encoded(claims)}.${'s'.repeat(342)}`,
  AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
};

/** The recipe of Semaphore's documentation, plus the region and endpoint that it lacks. */
const recipe = `
export CREDENTIALS=$(aws sts assume-role-with-web-identity --endpoint-url "$AWS_ENDPOINT_URL_STS" --region eu-west-1 \\
  --role-arn arn:aws:iam::123456789012:role/deploy --role-session-name "semaphore-job-$SEMAPHORE_JOB_ID" \\
  --web-identity-token "$SEMAPHORE_OIDC_TOKEN")
export AWS_ACCESS_KEY_ID=$(echo $CREDENTIALS | jq -r '.Credentials.AccessKeyId')
export AWS_SECRET_ACCESS_KEY=$(echo $CREDENTIALS | jq -r '.Credentials.SecretAccessKey')
export AWS_SESSION_TOKEN=$(echo $CREDENTIALS | jq -r '.Credentials.SessionToken')
[ "$AWS_ACCESS_KEY_ID" = ASIAEXAMPLE ]`;

const curl = `
curl -sS --fail -d Action=AssumeRoleWithWebIdentity -d Version=2011-06-15 -d RoleSessionName=bench \\
  -d RoleArn=arn:aws:iam::123456789012:role/deploy -d WebIdentityToken="$SEMAPHORE_OIDC_TOKEN" "$AWS_ENDPOINT_URL_STS" |
  sed -n 's/.*<AccessKeyId>\\(.*\\)<.*/\\1/p' | grep -q ASIAEXAMPLE`;

// A copy, like an installed file: the kernel maps a freshly built file in larger pages, which would
// count as our memory.
const executable = join(directory, 'sem-aws-login');
copyFileSync(join(root, 'dist', 'sem-aws-login'), executable);
const slimScript = join(root, 'dist', 'sem-aws-login.cjs');
const login = ['--role-arn', 'arn:aws:iam::123456789012:role/deploy', '--region', 'eu-west-1'];
const FLOOR = 'node -e 0';
const VERSION = 'executable: --version';
const LOGIN = 'executable: login';
const RECIPE = 'documented recipe: aws + 3 jq';
const fromNothing = await prepareFromNothing(directory, login);
const rows: readonly (Row & { readonly needs?: readonly string[] })[] = [
  { name: FLOOR, command: [process.execPath, '-e', '0'] },
  { name: VERSION, command: [executable, '--version'] },
  { name: LOGIN, command: [executable, ...login] },
  { name: 'slim script on node: --version', command: [process.execPath, slimScript, '--version'] },
  { name: 'slim script on node: login', command: [process.execPath, slimScript, ...login] },
  { name: RECIPE, command: ['bash', '-c', recipe], needs: ['aws', 'jq'] },
  { name: 'curl + sed, nothing kept', command: ['bash', '-c', curl], needs: ['curl'] },
  ...fromNothing.rows.map((row) => ({ ...row, needs: ['curl'] })),
];

const isInstalled = (name: string) => spawnSync('which', [name], { env: environment, stdio: 'ignore' }).status === 0;
const possible = rows.filter(({ needs = [] }) => needs.every(isInstalled));
const costs = await measure(possible, environment, Number(process.argv[2] ?? 31));
server.close();
fromNothing.close();
rmSync(directory, { recursive: true });

for (const { name } of rows.filter((row) => !possible.includes(row))) console.log(`not installed here: ${name}`);
printCosts();
printTargets();
printArchive();

function costOf(name: string): Cost {
  return costs.get(name) ?? { time: Number.NaN, memory: undefined };
}

function printCosts(): void {
  const widest = Math.max(...rows.map(({ name }) => name.length));
  console.log(`${''.padEnd(widest)}${'median'.padStart(10)}${'× node -e 0'.padStart(14)}${'memory'.padStart(12)}`);
  for (const [name, { time, memory }] of costs) {
    const ratio = (time / costOf(FLOOR).time).toFixed(2);
    const mebibytes = memory === undefined ? '' : `${memory.toFixed(0)} MiB`;
    console.log(
      `${name.padEnd(widest)}${`${time.toFixed(1)} ms`.padStart(10)}${ratio.padStart(14)}${mebibytes.padStart(12)}`,
    );
  }
}

function printTargets(): void {
  const gzipped = join(root, 'dist', 'release', 'sem-aws-login-linux-x64.gz');
  const lines: readonly [what: string, value: number | undefined, target: string][] = [
    ['login, times faster than the recipe', costOf(RECIPE).time / costOf(LOGIN).time, 'at least 9, the aim 12'],
    ['login, × node -e 0', costOf(LOGIN).time / costOf(FLOOR).time, 'at most 2.8, the aim 2.0'],
    ['--version, × node -e 0', costOf(VERSION).time / costOf(FLOOR).time, 'at most 1.25'],
    ['login, memory in MiB', costOf(LOGIN).memory, 'at most 55'],
    ['from nothing, from a warm cache, × recipe', costOf(FROM_CACHE).time / costOf(RECIPE).time, 'the aim 2'],
    ['from nothing, slim script, × recipe', costOf(FROM_SLIM).time / costOf(RECIPE).time, 'the aim 1'],
    ['linux-x64 .gz in MB', existsSync(gzipped) ? statSync(gzipped).size / 1e6 : undefined, 'at most 40'],
  ];
  console.log('');
  for (const [what, value, target] of lines) {
    const known = value !== undefined && !Number.isNaN(value);
    console.log(`${what.padEnd(42)}${(known ? value.toFixed(2) : 'not known').padStart(10)}  (${target})`);
  }
}

function printArchive(): void {
  const { size, isReleased } = fromNothing.archive;
  const origin = isReleased
    ? 'the one of npm run package'
    : "this build's, with symbols: npm run package makes the release's";
  console.log(`\nInstalled was an archive of ${(size / 1e6).toFixed(1)} MB, ${origin}.`);
}
