/** A value as it was given, and where: `--region`, or `SEM_AWS_LOGIN_REGION`. Errors quote both. */
export interface GivenValue {
  readonly value: string;
  readonly source: string;
}
