import { createRequire } from 'node:module';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { describe, expect, it } from 'vitest';
import { partitions } from '../../src/aws/region.ts';
import { Failure } from '../../src/failure.ts';
import { stsEndpointOf } from '../../src/sts/endpoint.ts';

// Via `require`: the package comes with the SDK and is not a dependency of this project.
const core: { partition: (region: string) => SdkPartition } = createRequire(import.meta.url)('@aws-sdk/core/client');

interface SdkPartition {
  readonly name: string;
  readonly implicitGlobalRegion: string;
  readonly supportsFIPS: boolean;
  readonly supportsDualStack: boolean;
}

/** The SDK's host for a request, captured by a request handler. */
async function sdkHostOf(region: string, useFipsEndpoint: boolean, useDualstackEndpoint: boolean): Promise<string> {
  let host = '';
  const requestHandler = new NodeHttpHandler();
  requestHandler.handle = async (request) => {
    host = request.hostname;
    throw new Error('caught');
  };
  const client = new STSClient({ region, useFipsEndpoint, useDualstackEndpoint, maxAttempts: 1, requestHandler });
  const command = new AssumeRoleWithWebIdentityCommand({ RoleArn: 'r', RoleSessionName: 's', WebIdentityToken: 't' });
  await client.send(command).catch(() => undefined);
  return host;
}

const REGIONS = [
  'us-east-1',
  'us-west-2',
  'eu-west-1',
  'eu-central-2',
  'ap-southeast-7',
  'ca-west-1',
  'il-central-1',
  'mx-central-1',
  'cn-north-1',
  'cn-northwest-1',
  'us-gov-east-1',
  'us-gov-west-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eu-isoe-west-1',
  'us-isof-south-1',
  'eusc-de-east-1',
  'xx-nowhere-9',
];

describe('with a region, the endpoint is the SDK’s', () => {
  for (const region of REGIONS) {
    for (const [fips, dualStack] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      it(`${region}${fips ? ', FIPS' : ''}${dualStack ? ', dual stack' : ''}`, async () => {
        const environment = { AWS_USE_FIPS_ENDPOINT: String(fips), AWS_USE_DUALSTACK_ENDPOINT: String(dualStack) };
        const endpoint = stsEndpointOf(environment, region, 'aws');
        expect(endpoint).toEqual({
          url: `https://${await sdkHostOf(region, fips, dualStack)}`,
          signingRegion: region,
          isAws: true,
        });
      });
    }
  }
});

describe('each partition matches the SDK’s', () => {
  for (const { name, defaultRegion } of partitions) {
    it(name, () => {
      expect(core.partition(defaultRegion)).toMatchObject({
        name,
        implicitGlobalRegion: defaultRegion,
        supportsFIPS: true,
        supportsDualStack: true,
      });
    });
  }
});

describe('without a region, the role’s partition decides', () => {
  it.each([
    ['aws', 'https://sts.amazonaws.com', 'us-east-1'],
    ['aws-cn', 'https://sts.cn-northwest-1.amazonaws.com.cn', 'cn-northwest-1'],
    ['aws-us-gov', 'https://sts.us-gov-west-1.amazonaws.com', 'us-gov-west-1'],
    ['aws-iso', 'https://sts.us-iso-east-1.c2s.ic.gov', 'us-iso-east-1'],
    ['aws-iso-b', 'https://sts.us-isob-east-1.sc2s.sgov.gov', 'us-isob-east-1'],
    ['aws-iso-e', 'https://sts.eu-isoe-west-1.cloud.adc-e.uk', 'eu-isoe-west-1'],
    ['aws-iso-f', 'https://sts.us-isof-south-1.csp.hci.ic.gov', 'us-isof-south-1'],
    ['aws-eusc', 'https://sts.eusc-de-east-1.amazonaws.eu', 'eusc-de-east-1'],
  ])('%s', (partition, url, signingRegion) => {
    expect(stsEndpointOf({}, undefined, partition)).toEqual({ url, signingRegion, isAws: true });
  });

  it('uses a regional endpoint for FIPS, which the global endpoint does not have', () => {
    const { url } = stsEndpointOf({ AWS_USE_FIPS_ENDPOINT: 'true' }, undefined, 'aws');
    expect(url).toBe('https://sts-fips.us-east-1.amazonaws.com');
  });
});

describe('a custom endpoint', () => {
  const own = 'https://sts.example.test/path';
  it.each([
    ['for STS', { AWS_ENDPOINT_URL_STS: own }, own, false],
    ['for all services', { AWS_ENDPOINT_URL: own }, own, false],
    [
      'for STS before the one for all',
      { AWS_ENDPOINT_URL: 'https://other.test', AWS_ENDPOINT_URL_STS: own },
      own,
      false,
    ],
    ['empty is none', { AWS_ENDPOINT_URL_STS: '' }, 'https://sts.eu-west-1.amazonaws.com', true],
    [
      'switched off',
      { AWS_ENDPOINT_URL_STS: own, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      'https://sts.eu-west-1.amazonaws.com',
      true,
    ],
    [
      'a VPC endpoint is AWS’s',
      { AWS_ENDPOINT_URL_STS: 'https://vpce-1a2b-3c4d.sts.eu-west-1.vpce.amazonaws.com' },
      'https://vpce-1a2b-3c4d.sts.eu-west-1.vpce.amazonaws.com',
      true,
    ],
    [
      'a load balancer under amazonaws.com is anybody’s',
      { AWS_ENDPOINT_URL_STS: 'https://sts-1.eu-west-1.elb.amazonaws.com' },
      'https://sts-1.eu-west-1.elb.amazonaws.com',
      false,
    ],
    [
      'a look-alike is not AWS’s',
      { AWS_ENDPOINT_URL_STS: 'https://sts.eu-west-1.amazonaws.com.example.test' },
      'https://sts.eu-west-1.amazonaws.com.example.test',
      false,
    ],
    ['plain http on loopback', { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:4566/' }, 'http://127.0.0.1:4566', false],
    ['plain http on loopback, IPv6', { AWS_ENDPOINT_URL_STS: 'http://[::1]:4566' }, 'http://[::1]:4566', false],
    ['plain http on localhost', { AWS_ENDPOINT_URL: 'http://localhost:4566' }, 'http://localhost:4566', false],
  ])('%s', (_, environment, url, isAws) => {
    expect(stsEndpointOf(environment, 'eu-west-1', 'aws')).toEqual({ url, signingRegion: 'eu-west-1', isAws });
  });
});

describe('rejected', () => {
  it.each([
    [
      'plain http to another machine',
      { AWS_ENDPOINT_URL: 'http://emulator:4566' },
      { kind: 'endpoint-insecure', variable: 'AWS_ENDPOINT_URL' },
    ],
    [
      'plain http to a name that only looks local',
      { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1.example.test' },
      { kind: 'endpoint-insecure' },
    ],
    ['not a URL', { AWS_ENDPOINT_URL_STS: 'sts.local' }, { kind: 'value-invalid', source: 'AWS_ENDPOINT_URL_STS' }],
    ['another scheme', { AWS_ENDPOINT_URL_STS: 'ftp://sts.local' }, { kind: 'value-invalid' }],
    ['a query', { AWS_ENDPOINT_URL_STS: 'https://sts.local/?a=b' }, { kind: 'value-invalid' }],
    [
      'a switch that is none',
      { AWS_USE_FIPS_ENDPOINT: 'yes' },
      { kind: 'value-invalid', source: 'AWS_USE_FIPS_ENDPOINT', value: 'yes' },
    ],
    [
      'FIPS of one’s own address',
      { AWS_ENDPOINT_URL: 'https://sts.local', AWS_USE_FIPS_ENDPOINT: 'TRUE' },
      { kind: 'flags-conflict', flags: ['AWS_USE_FIPS_ENDPOINT', 'AWS_ENDPOINT_URL'] },
    ],
    [
      'dual stack of one’s own address',
      { AWS_ENDPOINT_URL_STS: 'https://sts.local', AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      { kind: 'flags-conflict' },
    ],
  ])('%s', (_, environment, facts) => {
    expect(failureOf(environment).facts).toMatchObject(facts);
  });

  it.each([
    'https://me:hunter2@sts.local',
    'me:hunter2@sts.local',
    'ftp://me:hunter2@sts.local',
    'https://me:hunter2',
    'https://sts.local/?key=hunter2',
  ])('%s, without showing its password', (value) => {
    const { facts } = failureOf({ AWS_ENDPOINT_URL_STS: value });
    expect(facts).toMatchObject({ kind: 'value-invalid' });
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });
});

function failureOf(environment: Record<string, string>): Failure {
  try {
    stsEndpointOf(environment, 'eu-west-1', 'aws');
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('no Failure was thrown');
}
