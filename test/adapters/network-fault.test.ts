import { describe, expect, it } from 'vitest';
import { networkFaultOf } from '../../src/adapters/network-fault.ts';
import { networkAdvice } from '../../src/explain/network-advice.ts';
import { faultText } from '../../src/explain/sts-request.ts';
import type { NetworkFault } from '../../src/world/sts.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error('a message'), { code, ...more });

describe('the fault, by the error code of the system or Node', () => {
  it.each<[code: string, at: NetworkFault['at']]>([
    ['ENOTFOUND', 'name'],
    ['EAI_AGAIN', 'name'],
    ['ECONNREFUSED', 'connect'],
    ['EACCES', 'connect'],
    ['ETIMEDOUT', 'timeout'],
    ['ECONNRESET', 'broken-off'],
    ['EPIPE', 'broken-off'],
    ['ECONNABORTED', 'broken-off'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'broken-off'],
    ['EMFILE', 'local'],
    ['ENFILE', 'local'],
    ['ENOMEM', 'local'],
    ['ENOBUFS', 'local'],
    ['HPE_INVALID_CONSTANT', 'not-sts'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['ERR_SOMETHING_NEW', 'unknown'],
  ])('%s: %s', (code, at) => {
    expect(networkFaultOf(withCode(code), 'direct')).toEqual({ at, detail: code, code, status: undefined });
  });

  it('includes the address, and the error of each address tried', () => {
    const one = withCode('ECONNREFUSED', { address: '127.0.0.1', port: 443 });
    const other = withCode('ENETUNREACH', { address: '::1', port: 443 });
    const both = withCode('ECONNREFUSED', { errors: [one, other] });
    expect(networkFaultOf(both, 'direct').detail).toBe('ECONNREFUSED 127.0.0.1:443, ENETUNREACH [::1]:443');
  });

  it('without a code: by the error’s class, never as a closed connection', () => {
    expect(networkFaultOf(new RangeError('x'), 'direct')).toEqual({
      at: 'unknown',
      detail: 'a RangeError without a code',
      code: undefined,
      status: undefined,
    });
    for (const error of [new Error('x'), 'thrown text', undefined, null, { code: 7 }])
      expect(networkFaultOf(error, 'direct')).toMatchObject({ at: 'unknown', detail: 'an error without a code' });
    const late = Object.assign(new Error('x'), { name: 'TimeoutError' });
    expect(networkFaultOf(late, 'direct')).toMatchObject({ at: 'timeout', detail: 'no answer in time' });
  });

  it('before the tunnel is open: the proxy’s fault, unless it is local', () => {
    expect(networkFaultOf(withCode('ECONNREFUSED'), 'wanted').at).toBe('proxy');
    expect(networkFaultOf(withCode('ETIMEDOUT'), 'wanted').at).toBe('timeout');
    expect(networkFaultOf(withCode('EMFILE'), 'wanted').at).toBe('local');
    expect(networkFaultOf(new Error('x'), 'wanted')).toMatchObject({ at: 'proxy', detail: 'no answer to CONNECT' });
  });
});

describe('no part of an error that can quote the request is reported', () => {
  const secret = 'eyJhbGciOi.hunter2';
  it.each<[what: string, error: unknown]>([
    ['a message', new Error(`cannot send ${secret}`)],
    ['a message beside a code', Object.assign(new Error(secret), { code: 'ECONNRESET' })],
    ['a code of no usual shape', Object.assign(new Error('x'), { code: `bad header ${secret}` })],
    ['a name of no usual shape', Object.assign(new Error('x'), { name: `Error: ${secret}` })],
    ['a cause', new Error('x', { cause: new Error(secret) })],
    ['a reason', Object.assign(new Error('x'), { code: 'ERR_HTTP_INVALID_HEADER_VALUE', reason: secret })],
    ['thrown text', secret],
  ])('%s', (_, error) => {
    expect(JSON.stringify(networkFaultOf(error, 'direct'))).not.toContain('hunter2');
  });
});

it.each([
  ['EMFILE', /ulimit -n/],
  ['ERR_SOMETHING_NEW', /unknown reason/],
  ['ECONNRESET', /closed before the whole answer/],
])('%s has its own advice', (code, says) => {
  const fault = networkFaultOf(withCode(code), 'direct');
  const {
    cause,
    remedies,
    steps = [],
  } = networkAdvice(fault, { url: 'https://sts.eu-west-1.amazonaws.com', timeout: 30_000 });
  const lines = [...remedies, ...steps.flatMap((step) => [step.intro, ...step.lines])];
  expect(`${faultText(fault)} ${cause} ${lines.join(' ')}`).toMatch(says);
});
