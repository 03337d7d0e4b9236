import { describe, expect, it } from 'vitest';
import { proxyOf } from '../../src/adapters/network-settings.ts';
import { Failure } from '../../src/failure.ts';

const STS = 'https://sts.eu-west-1.amazonaws.com';
const PROXY = 'http://proxy.test:3128';

describe('the proxy of a request', () => {
  it.each([
    ['none without a variable', {}, STS, undefined],
    ['HTTPS_PROXY', { HTTPS_PROXY: PROXY }, STS, 'http://proxy.test:3128/'],
    ['https_proxy', { https_proxy: PROXY }, STS, 'http://proxy.test:3128/'],
    [
      'https_proxy, which takes precedence over HTTPS_PROXY',
      { https_proxy: PROXY, HTTPS_PROXY: 'http://other.test' },
      STS,
      'http://proxy.test:3128/',
    ],
    ['none with an empty variable', { HTTPS_PROXY: '' }, STS, undefined],
    ['a proxy that is reached over TLS', { HTTPS_PROXY: 'https://proxy.test' }, STS, 'https://proxy.test/'],
    ['an http proxy without a scheme', { HTTPS_PROXY: 'proxy.test:3128' }, STS, 'http://proxy.test:3128/'],
    [
      'none for plain http, which is for this machine only',
      { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY },
      'http://127.0.0.1:4566',
      undefined,
    ],
  ])('%s', (_, environment, url, proxy) => {
    expect(proxyOf(environment, url)?.href).toBe(proxy);
  });
});

describe('NO_PROXY', () => {
  it.each([
    ['*', STS, true],
    ['sts.eu-west-1.amazonaws.com', STS, true],
    ['amazonaws.com', STS, true],
    ['.amazonaws.com', STS, true],
    ['*.amazonaws.com', STS, true],
    ['AmazonAWS.com', STS, true],
    ['localhost, .internal ,amazonaws.com', STS, true],
    ['localhost .amazonaws.com', STS, true],
    ['amazonaws.com:443', STS, true],
    ['amazonaws.com:8443', STS, false],
    ['amazonaws.com:8443', 'https://sts.amazonaws.com:8443', true],
    ['naws.com', STS, false],
    ['eu-west-1', STS, false],
    ['sts.eu-west-1.amazonaws.com.cn', STS, false],
    [',,', STS, false],
    ['.', STS, false],
    ['127.0.0.1', 'https://127.0.0.1:8443', true],
    ['::1', 'https://[::1]:8443', true],
    ['[::1]:8443', 'https://[::1]:8443', true],
    ['[::1]:443', 'https://[::1]:8443', false],
  ])('%j exempts %s: %s', (noProxy, url, exempt) => {
    for (const variable of ['NO_PROXY', 'no_proxy']) {
      expect(proxyOf({ HTTPS_PROXY: PROXY, [variable]: noProxy }, url) === undefined).toBe(exempt);
    }
  });

  it('no_proxy takes precedence over NO_PROXY', () => {
    expect(proxyOf({ HTTPS_PROXY: PROXY, no_proxy: 'other.test', NO_PROXY: '*' }, STS)).toBeDefined();
  });
});

describe('an invalid proxy', () => {
  it.each(['socks5://proxy.test:1080', 'http://', 'http://proxy test'])('%s is rejected', (value) => {
    expect(() => proxyOf({ HTTPS_PROXY: value }, STS)).toThrow(Failure);
  });

  it.each([
    'socks5://me:hunter2@proxy.test',
    'http://me:hunter2%@proxy.test:3128',
    'http://me:hunter2%e9@proxy.test:3128',
    'http://%zz:hunter2@proxy.test:3128',
    '://me:hunter2',
    'me:hunter2',
    'http://me:hunter2',
    'socks5://me:hunter2',
    'me:hunter2%40proxy.test:3128',
    'proxy.test:3128:me:hunter2',
    'http://proxy.test:3128:me:hunter2',
    'http://me:pass/hunter2@proxy.test:3128',
    'http://me:12/hunter2@proxy.test:3128',
    'http://me:12?hunter2@proxy.test:3128',
    'http://me:12#hunter2@proxy.test:3128',
    'socks5://proxy.test/hunter2',
    'hunter2 proxy.test',
  ])('%s is rejected without showing its password', (value) => {
    const { facts } = refusalOf(value);
    expect(facts).toMatchObject({ kind: 'value-invalid', source: 'HTTPS_PROXY' });
    expect(JSON.stringify(facts)).not.toContain('hunter2');
  });

  it.each(['socks5://proxy.test:1080', 'socks5://[::1]:1080/', 'http://'])(
    '%s has no place for a password, and is shown',
    (value) => {
      expect(refusalOf(value).facts).toMatchObject({ value });
    },
  );

  it('a password with "/" is not read as host and path', () => {
    expect(refusalOf('http://me:12/hunter2@proxy.test:3128').facts).toMatchObject({
      problem: expect.stringContaining('"@"'),
      remedy: expect.stringContaining('"%2F"'),
    });
  });
});

function refusalOf(value: string): Failure {
  try {
    proxyOf({ HTTPS_PROXY: value }, STS);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error('no Failure was thrown');
}
