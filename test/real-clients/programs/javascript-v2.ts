import { chosenProfile, sayAll } from './question.ts';

// The AWS SDK for JavaScript v2 with its default chain, asked who it is. Arguments and answers: see aws-cli.sh.

process.env['AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'] = '1';
// Its users choose a profile by the variable, which has to stand before the SDK is loaded.
if (chosenProfile !== undefined) process.env['AWS_PROFILE'] = chosenProfile;
const { default: AWS } = await import('aws-sdk');

// This SDK reads no variable for the endpoint and knows no proxy: its users say either in code.
const endpoint = process.env['AWS_ENDPOINT_URL_STS'];
if (endpoint !== undefined) AWS.config.update({ sts: { endpoint } });
const region = AWS.config.region ?? '';
const client = new AWS.STS(region === '' ? { region: 'us-east-1' } : {});

await sayAll(async () => {
  const identity = await client.getCallerIdentity().promise();
  return {
    arn: identity.Arn,
    account: identity.Account,
    region,
    source: client.config.credentials?.constructor.name ?? '',
  };
});
