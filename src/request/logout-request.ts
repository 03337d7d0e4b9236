import type { Shell, TokenPlace } from './login-request.ts';
import { parseShell, tokenPlaceOf } from './login-request.ts';
import type { RawOptions } from './raw-options.ts';

/** A logout as asked for. The token only tells which job this is, where no variable does. */
export interface LogoutRequest {
  readonly token: TokenPlace;
  readonly shell: Shell;
  readonly quiet: boolean;
}

/** Throws `Failure` of the usage kinds. */
export function parseLogoutRequest(options: RawOptions, platform: NodeJS.Platform): LogoutRequest {
  return { token: tokenPlaceOf(options), shell: parseShell(options, platform), quiet: options.switch('quiet') };
}
