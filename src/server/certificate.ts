/**
 * The certificate of a local installation: an authority of its own, and a server certificate for `localhost`
 * that it signed. Made once, kept, and recreated a month before it expires.
 *
 * Shapes  `authority.pem` is what a browser or another process has to trust. Names beyond `localhost` serve
 *         tests that play Microsoft's hosts.
 */
import 'reflect-metadata';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { errorCode } from '../domain/errorCode.ts';

export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
  readonly authorityFile: string;
}

const DAY_MILLISECONDS = 86_400_000;
/** Browsers refuse server certificates that are valid for longer than 398 days (CA/Browser Forum). */
const VALID_DAYS = 397;
const RENEWAL_WINDOW_DAYS = 30;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export async function serverCertificate(
  folder: string,
  now: Date,
  names: readonly string[] = ['localhost', '127.0.0.1', '::1'],
): Promise<ServerCertificate> {
  const files = {
    certificate: join(folder, 'server.pem'),
    key: join(folder, 'server.key'),
    authority: join(folder, 'authority.pem'),
  };
  const stored = await readStored(files, now, names);
  if (stored !== null) {
    return { ...stored, authorityFile: files.authority };
  }
  const made = await make(now, names);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files.key, made.key, { mode: 0o600 });
  await writeFile(files.certificate, made.certificate);
  await writeFile(files.authority, made.authority);
  return { certificate: made.certificate, key: made.key, authorityFile: files.authority };
}

async function readStored(
  files: { readonly certificate: string; readonly key: string },
  now: Date,
  names: readonly string[],
): Promise<{ certificate: string; key: string } | null> {
  try {
    const [certificate, key] = await Promise.all([readFile(files.certificate, 'utf8'), readFile(files.key, 'utf8')]);
    const parsed = new X509Certificate(certificate);
    const remaining = parsed.notAfter.getTime() - now.getTime();
    const covered = parsed.getExtension(SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value) ?? [];
    const isUsable =
      remaining > RENEWAL_WINDOW_DAYS * DAY_MILLISECONDS && names.every((name) => covered.includes(name));
    return isUsable ? { certificate, key } : null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
}

async function make(now: Date, names: readonly string[]) {
  const authorityKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const serverKeys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const notBefore = new Date(now.getTime() - DAY_MILLISECONDS);
  const notAfter = new Date(now.getTime() + (VALID_DAYS - 1) * DAY_MILLISECONDS);
  const authority = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Assent local authority',
    notBefore,
    notAfter,
    keys: authorityKeys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const server = await X509CertificateGenerator.create({
    subject: 'CN=Assent',
    issuer: authority.subject,
    notBefore,
    notAfter,
    publicKey: serverKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension(
        names.map((name) => ({ type: isIP(name) > 0 ? ('ip' as const) : ('dns' as const), value: name })),
      ),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    ],
  });
  const key = Buffer.from(await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey)).toString('base64');
  return {
    authority: `${authority.toString('pem')}\n`,
    certificate: `${server.toString('pem')}\n${authority.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${key.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
  };
}
