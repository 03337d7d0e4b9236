import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import { chosenProfile, sayAll } from './question.ts';

// The AWS SDK for JavaScript v3 with its default chain, asked who it is. Arguments and answers: see aws-cli.sh.

const configuration: STSClientConfig = chosenProfile === undefined ? {} : { profile: chosenProfile };

/** The region that the SDK finds by itself; it throws where there is none. */
const regionOf = async (): Promise<string> => {
  try {
    return await new STSClient(configuration).config.region();
  } catch {
    return '';
  }
};

const region = await regionOf();
const client = new STSClient({ ...configuration, region: region || 'us-east-1' });

await sayAll(async () => {
  const identity = await client.send(new GetCallerIdentityCommand());
  const credentials: object = await client.config.credentials();
  const sources = '$source' in credentials ? Object.keys(credentials.$source ?? {}) : [];
  return {
    arn: identity.Arn,
    account: identity.Account,
    region,
    source: sources.join(' '),
  };
});
