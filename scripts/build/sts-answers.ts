const inAnHour = new Date(Date.now() + 3_600_000).toISOString();

/** The answer of STS to a successful login. */
export const granted = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
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
      <Expiration>${inAnHour}</Expiration>
    </Credentials>
    <SubjectFromWebIdentityToken>example</SubjectFromWebIdentityToken>
  </AssumeRoleWithWebIdentityResult>
  <ResponseMetadata><RequestId>00000000-0000-0000-0000-000000000000</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>`;

/** The answer of STS to a login that it denies for good. */
export const refused = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <Error><Type>Sender</Type><Code>IDPRejectedClaim</Code><Message>Rejected</Message></Error>
  <RequestId>00000000-0000-0000-0000-000000000000</RequestId>
</ErrorResponse>`;
