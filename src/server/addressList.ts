/** Whether an address is one of a list of addresses and networks. */
import { BlockList, isIP, isIPv6 } from 'node:net';

const family = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

export function isAmong(address: string, networks: readonly string[]): boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [first = '', bits] = network.split('/');
    if (bits === undefined) {
      list.addAddress(first, family(first));
    } else {
      list.addSubnet(first, Number(bits), family(first));
    }
  }
  return isIP(address) !== 0 && list.check(address, family(address));
}
