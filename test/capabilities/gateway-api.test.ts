import { GATEWAY_API } from './columns/gateway-api';
import { walk } from './walk';

walk(GATEWAY_API);
