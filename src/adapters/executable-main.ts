import { runAssetScript } from './asset-script.ts';

// What Node runs in the executable. The program itself is an asset for the sake of its cache.
runAssetScript('program');
