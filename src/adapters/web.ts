import type { Environment, Web } from '../world/world.ts';
import { checkExtraRoots } from './ca-bundle.ts';
import { networkSettingsOf } from './network-settings.ts';

/**
 * The web with this environment's network settings. The first request loads the client.
 * @param version for the User-Agent
 */
export function makeWeb(environment: Environment, version: string): Web {
  return {
    get: async (url, timeout) => {
      const settings = networkSettingsOf(environment, url);
      const { httpGet } = await import('./https.ts');
      const answer = await httpGet(url, timeout, settings, version);
      if (answer.kind === 'unreachable') checkExtraRoots(environment, answer.fault);
      return answer;
    },
  };
}
