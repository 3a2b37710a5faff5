/**
 * Whether an address is on the public internet, so that what an operator names can't lead into a network of ours.
 *
 * Source  IANA's registries of special-purpose addresses, IPv4 and IPv6; RFC 6052 and 8215 (addresses that stand for IPv4
 *         ones, which `BlockList` doesn't know).
 */
import { BlockList, isIP, isIPv6 } from 'node:net';

const IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
];
const IPV6 = [
  '::/128',
  '::1/128',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
];
/** Where a machine in a cloud asks for what it is: closed even to hosts that the operator allows. */
const LINK_LOCAL = ['169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'];

const SPECIAL = listOf([...IPV4, ...IPV6]);
const NEVER = listOf(LINK_LOCAL);

export function isPublicAddress(address: string): boolean {
  return isIP(address) !== 0 && !isIn(SPECIAL, address);
}

export function isLinkLocal(address: string): boolean {
  return isIP(address) !== 0 && isIn(NEVER, address);
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits = ''] = network.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
