/** What a popup says when it is done: one sentence, one next step. */
import type { PopupOutcome } from './pages.ts';

export const OUTCOMES: Readonly<Record<PopupOutcome, { readonly title: string; readonly text: string }>> = {
  granted: {
    title: 'Microsoft accepted',
    text: 'Go back to Assent. It checks what Microsoft granted and shows it by itself.',
  },
  admitted: {
    title: 'Your organization has admitted Assent',
    text: 'People can open Assent in Teams and Outlook now. It can take a few minutes until Microsoft lets everybody in. Open Assent there and choose what is synchronized.',
  },
  declined: {
    title: 'Nothing was granted',
    text: 'The request was cancelled at Microsoft. Nothing has changed. You can start again in Assent.',
  },
  administratorRequired: {
    title: 'An administrator has to grant this',
    text: 'Your organization lets only administrators grant this permission. Nothing has changed. Assent shows whom you can ask.',
  },
  approvalRequested: {
    title: 'Your request is waiting for an administrator',
    text: 'Microsoft has sent it to your administrators. Once one of them has approved it, it turns on in Assent by itself.',
  },
  appDisabled: {
    title: 'Assent is switched off in your organization',
    text: 'An administrator has disabled the application in Microsoft Entra. Ask an administrator to enable it there.',
  },
  cloudNotSupported: {
    title: 'Your organization is in another Microsoft cloud',
    text: 'The company that runs this installation serves another one. Nothing has changed. Ask them for the right address.',
  },
  notGivenBack: {
    title: 'A permission was left behind',
    text: 'Microsoft did not answer when Assent gave its permission to change grants back. Remove “Manage all delegated permission grants” from Assent in Microsoft Entra.',
  },
  nothingReached: {
    title: 'No mailbox was reached',
    text: 'Microsoft accepted, but no covered mailbox could be read. Check the scope in Exchange, then start again.',
  },
  tooWide: {
    title: 'More can be reached than should be',
    text: 'The mailbox that must stay closed could be read. Narrow the scope in Exchange, then start again.',
  },
  notAssigned: {
    title: 'You are not assigned to this app',
    text: 'Ask your administrator to assign you to Assent in Microsoft Entra.',
  },
  notAdmitted: {
    title: 'Your organization has not admitted Assent',
    text: 'Ask an administrator to open the admission page of Assent.',
  },
  signInAgain: {
    title: 'Microsoft asks you to sign in again',
    text: 'Start again in Assent and sign in when Microsoft asks.',
  },
  conditionalAccess: {
    title: 'A policy of your organization blocks this',
    text: 'Ask your administrator which device or network the policy wants.',
  },
  accountDisabled: { title: 'This account is disabled', text: 'Ask your administrator to enable it.' },
  wrongAccount: {
    title: 'That was another account',
    text: 'You signed in at Microsoft with another account than in Assent. Nothing has changed. Start again and choose the account that Assent shows.',
  },
  misconfigured: {
    title: 'Assent is not set up correctly',
    text: 'Tell the company that runs this installation. Nothing has changed.',
  },
  notGranted: {
    title: 'No grant arrived',
    text: 'Microsoft shows no permission that was granted. Start again in Assent.',
  },
  notAdministrator: { title: 'This needs an administrator', text: 'Ask an administrator of your organization.' },
  superseded: {
    title: 'Something else was decided meanwhile',
    text: 'Your organization changed its settings while you were here. Go back to Assent to see them.',
  },
  expired: {
    title: 'This page has expired',
    text: 'It was open for more than ten minutes. Nothing has changed. Start again in Assent.',
  },
  microsoftUnavailable: {
    title: 'Microsoft does not answer',
    text: 'Nothing has changed. Start again in Assent in a moment.',
  },
  other: {
    title: 'Microsoft refused',
    text: 'Nothing has changed. Start again in Assent; if it happens again, ask your administrator.',
  },
  linkExpired: {
    title: 'This link has expired',
    text: 'It worked for seven days. Nothing has changed. Ask whoever sent it to you for a new one.',
  },
  linkRevoked: {
    title: 'This link was taken back',
    text: 'Whoever made it has revoked it. Nothing has changed.',
  },
  tenantUnknown: {
    title: 'No organization was found',
    text: 'Microsoft knows no organization by the address of this account. Use a Microsoft 365 work or school account.',
  },
  unknown: { title: 'This link does not belong to anything', text: 'Nothing has changed. Start again in Assent.' },
  otherBrowser: {
    title: 'This page was begun elsewhere',
    text: 'The request was started in another browser, or your browser keeps no cookies for this page. Nothing has changed. Start again in Assent.',
  },
  tooManyRequests: {
    title: 'Too many requests',
    text: 'Too many requests came from your network in a short time. Nothing has changed. Wait a minute and load this page again.',
  },
  storageUnavailable: {
    title: 'Assent cannot save right now',
    text: 'Nothing has changed. Load this page again in a moment; if it stays so, tell the company that runs this installation.',
  },
  failed: {
    title: 'Something went wrong',
    text: 'Nothing has changed. Start again in Assent; if it happens again, tell the company that runs this installation.',
  },
  used: {
    title: 'This page was used already',
    text: 'Every request works once. Start again in Assent if you still want to.',
  },
};
